import { useTexts } from '../preferences';

const tones: Record<string, string> = {
  sent: 'waiting',
  partially_signed: 'waiting',
  completed: 'ok',
  declined: 'bad',
  expired: 'bad',
};

/** A document's status: a word, a dot and a tone. A status a workflow made up is shown as it is. */
export function StatusPill({ status }: { status: string }) {
  const t = useTexts();
  return (
    <span className={`dm-pill dm-pill-${tones[status] ?? 'quiet'}`}>{t.statuses[status] ?? status}</span>
  );
}
