/** Email addresses as people write them: `a@b.it`, `Name <a@b.it>`, several with commas, semicolons or on lines of their own. */
import * as z from 'zod';

/** What Resend takes in one field. */
const MAX_ADDRESSES = 50;
const MAX_ADDRESS = 320;

/** A list, or a text with separators that do not stand in quotes or between angle brackets. */
export function splitAddresses(value: string | readonly string[]): string[] {
  const found = typeof value === 'string' ? splitText(value) : value.flatMap(splitText);
  return found.map((address) => address.trim()).filter((address) => address !== '');
}

function splitText(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '"' && !isInside) isQuoted = !isQuoted;
    else if (!isQuoted && char === '<') isInside = true;
    else if (!isQuoted && char === '>') isInside = false;
    else if (!isQuoted && !isInside && /[,;\n]/.test(char)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** `a@b.it` or `Name <a@b.it>`. */
export function isAddress(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break in an address would begin another header
  if (text.length > MAX_ADDRESS || /[\u0000-\u001f\u007f]/.test(text)) return false;
  const named = /^[^<>]*<([^<>]+)>$/.exec(text);
  return /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\.]+(\.[^\s@<>()[\],;:"\\.]+)+$/.test(named?.[1] ?? text);
}

/** What people allow emails from: an address, or a domain, with its `@` or without. Not a pattern. */
export function isSender(text: string): boolean {
  return !text.includes('*') && (isAddress(text) || isDomain(text.replace(/^@/, '')));
}

/** The address alone, in small letters, to compare two. */
export const bareAddress = (text: string): string =>
  (/<([^<>]+)>$/.exec(text.trim())?.[1] ?? text).trim().toLowerCase();

/**
 * Names, quoted or not, without what other readers might take for the end of an address; comments without any of it; one address. A comma
 * may part surname and name (`Rossi, Laura <…>`) where nothing before the address could be another.
 */
const ONE_SENDER = /^(?:(?:"(?:[^"\\]|\\.)*"|\([^()"<>,;\\]*\)|[^()"<>,;\\\n])*|[^()"<>@;\\\n]*)<([^<>]+)>$/;

/**
 * The bare address of a `From` that has one sender. What may name several stays whole: it is nobody's address, and no list of senders lets it
 * through.
 */
export function senderOf(from: string): string {
  const text = from.trim().toLowerCase();
  const sender = (ONE_SENDER.exec(text)?.[1] ?? text).trim();
  // Cut to size it could become the address of somebody else.
  return sender.length > MAX_ADDRESS ? `${sender.slice(0, MAX_ADDRESS - 1)}…` : sender;
}

export const isDomain = (text: string): boolean =>
  text.length <= 253 && /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i.test(text);

/** Whether a bare address is the one in `sender`, or belongs to the domain it names (`example.com`, not what is below it). */
export function isFrom(address: string, sender: string): boolean {
  // Of several senders, or of what is no address, nobody can say whose it is.
  if (!isAddress(address)) return false;
  const wanted = bareAddress(sender).replace(/^@/, '');
  return wanted.includes('@') ? address === wanted : address.endsWith(`@${wanted}`);
}

/** A list of one address or more, from a text or a list. */
export const addressesSchema = z
  .union([z.string().max(20_000), z.array(z.string().max(MAX_ADDRESS)).max(MAX_ADDRESSES)])
  .transform((value, context): string[] => {
    const addresses = splitAddresses(value);
    const wrong = addresses.find((address) => !isAddress(address));
    if (wrong !== undefined) context.addIssue(`"${wrong.slice(0, 100)}" is no email address`);
    else if (addresses.length === 0) context.addIssue('there is no email address in it');
    else if (addresses.length > MAX_ADDRESSES)
      context.addIssue(`it has ${addresses.length} addresses; at most ${MAX_ADDRESSES} are allowed`);
    return addresses;
  });
