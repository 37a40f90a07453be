import { Icon } from './icons';

/** A file to download. */
export function Attachment({ href, name }: { href: string; name: string }) {
  return (
    <a className="dm-button dm-attachment" href={href}>
      <Icon name="download" /> {name}
    </a>
  );
}
