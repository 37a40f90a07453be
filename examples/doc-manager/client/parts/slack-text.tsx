import type { ReactNode } from 'react';

/** A Slack message: `*bold*`, `<link|label>`, and the three characters Slack escapes. */
export function SlackText({ text }: { text: string }) {
  return <p className="dm-slack-text">{render(text)}</p>;
}

function render(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(/\*([^*\n]+)\*|<(https?:[^|>]+)(?:\|([^>]+))?>/g)) {
    const [whole, bold, address, label] = match;
    parts.push(decode(text.slice(end, match.index)));
    parts.push(
      bold ? <strong key={match.index}>{decode(bold)}</strong> : linkTo(match.index, address ?? '', label),
    );
    end = match.index + whole.length;
  }
  return [...parts, decode(text.slice(end))];
}

const linkTo = (key: number, address: string, label: string | undefined): ReactNode => (
  <a key={key} className="dm-link" href={decode(address)} target="_blank" rel="noreferrer">
    {decode(label ?? address)}
  </a>
);

const decode = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
