/**
 * Drawn symbols on a 16 px grid. Characters such as ▶ or ✉ turn into emoji on some systems and are missing on others; what the
 * kit knows it draws, and only an unknown character of a host's own block is left to the font.
 */
const paths = {
  undo: 'M6 3.5 2.8 6.7 6 9.9M3 6.7h6.4a3.6 3.6 0 0 1 0 7.2H7',
  redo: 'M10 3.5l3.2 3.2L10 9.9M13 6.7H6.6a3.6 3.6 0 0 0 0 7.2H9',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3.5 8h9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  up: 'M8 12.5v-9M4.2 7.2 8 3.5l3.8 3.7',
  down: 'M8 3.5v9M4.2 8.8 8 12.5l3.8-3.7',
  right: 'M6.2 4 10.2 8l-4 4',
  braces:
    'M6 2.8c-1.8 0-2.2.8-2.2 2.2 0 1.6-.2 2.4-1.6 3 1.4.6 1.6 1.4 1.6 3 0 1.4.4 2.2 2.2 2.2M10 2.8c1.8 0 2.2.8 2.2 2.2 0 1.6.2 2.4 1.6 3-1.4.6-1.6 1.4-1.6 3 0 1.4-.4 2.2-2.2 2.2',
  diamond: 'M8 2.6 13.4 8 8 13.4 2.6 8Z',
  repeat: 'M12.9 8a4.9 4.9 0 1 1-1.5-3.5M12.9 2.4v2.9H10',
  clock: 'M8 4.6V8l2.2 1.4M13.2 8A5.2 5.2 0 1 1 2.8 8a5.2 5.2 0 0 1 10.4 0',
  check: 'M3.2 8.6 6.4 11.8 12.8 4.6',
  flag: 'M4 13.6V2.8h7.6l-1.7 2.9 1.7 2.9H4',
  play: 'M5 3.2v9.6L12.8 8Z',
  mail: 'M2.4 4h11.2v8H2.4ZM2.6 4.4 8 8.7l5.4-4.3',
  hash: 'M6.4 2.8 5 13.2M11 2.8 9.6 13.2M3 6h10.4M2.6 10H13',
  euro: 'M12.2 4.2a4.6 4.6 0 1 0 0 7.6M2.6 7h6M2.6 9.2h5.4',
  upload: 'M8 10.4V2.8M4.8 6 8 2.8 11.2 6M3 13.2h10',
  pencil: 'M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2Z',
  archive: 'M2.8 3.4h10.4v3H2.8ZM3.6 6.4v6.4h8.8V6.4M6.6 9h2.8',
  reply: 'M4 2.8v4.4a3 3 0 0 0 3 3h6M10 7.2l3 3-3 3',
  list: 'M3 4.4h10M3 8h10M3 11.6h10',
  pie: 'M8.6 2.8v4.6h4.6a4.6 4.6 0 0 0-4.6-4.6M6.4 3.6a5 5 0 1 0 6.2 6.2H6.4Z',
  stop: 'M3.6 3.6h8.8v8.8H3.6Z',
  decide:
    'M6.6 7.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8M2.2 13.2c0-2.5 1.9-4 4.4-4 .9 0 1.7.2 2.4.6M9.8 11.6l1.6 1.6 3-3.4',
} as const;

export type IconName = keyof typeof paths;

/** Characters that blocks and providers name their icons with. */
const byCharacter: Readonly<Record<string, IconName>> = {
  '◇': 'diamond',
  '↻': 'repeat',
  '◷': 'clock',
  '✓': 'check',
  '⚑': 'flag',
  '▶': 'play',
  '✉': 'mail',
  '#': 'hash',
  '€': 'euro',
  '⇧': 'upload',
  '⇪': 'upload',
  '✍': 'pencil',
  '▤': 'archive',
  '≡': 'list',
  '◐': 'pie',
  '↳': 'reply',
  '■': 'stop',
  '✋': 'decide',
};

export interface IconProps {
  name: IconName;
  /** @default 16 */
  size?: number;
}

/** A drawn symbol; decorative, its word stands beside it or in its button's name. */
export function Icon({ name, size = 16 }: IconProps) {
  return (
    <svg
      className="trama-icon"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** A block's or provider's icon from its character. */
export function CharacterIcon({ character, size }: { character: string; size?: number }) {
  const name = byCharacter[character];
  return name ? <Icon name={name} {...(size === undefined ? {} : { size })} /> : character;
}
