const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const breaking = /^\/?(p|div|br|tr|li|h[1-6]|table|ul|ol|blockquote)$/;
const unseen = new Set(['style', 'script', 'head', 'title']);

/** What a person reads of an email that is HTML only: no markup, a line for each paragraph. One pass; not meant to make HTML harmless. */
export function textOfHtml(html: string): string {
  // Only what tags are made of: other small letters may be longer than their capitals, and places would no longer agree.
  const lower = html.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
  let text = '';
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    if (open < 0) return tidy(text + html.slice(at));
    text += html.slice(at, open);
    const isComment = html.startsWith('<!--', open);
    const close = html.indexOf(isComment ? '-->' : '>', open);
    if (close < 0) return tidy(text);
    const name = isComment ? '' : (/^\/?[a-z0-9]+/.exec(lower.slice(open + 1, open + 20))?.[0] ?? '');
    if (breaking.test(name)) text += '\n';
    at = close + (isComment ? 3 : 1);
    if (!unseen.has(name)) continue;
    const end = lower.indexOf(`</${name}`, at);
    if (end < 0) return tidy(text);
    at = end;
  }
  return tidy(text);
}

function tidy(text: string): string {
  const decoded = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (whole, decimal, hex, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  const lines = decoded.split('\n').map((line) => line.replace(/[\s\u00a0]+/g, ' ').trim());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim();
}
