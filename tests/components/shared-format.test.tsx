import { act, render, screen, waitFor } from '@testing-library/react';
import { createFormats } from '../../src/components/shared/format';
import { useQuery } from '../../src/components/shared/use-query';

const now = () => Date.parse('2026-11-23T09:30:00Z');
const italian = createFormats('it', 'Europe/Rome', now);
const english = createFormats('en', 'Europe/Rome', now);

function Answer({ question, load }: { question: string; load: (question: string) => Promise<string> }) {
  const { data, error, isLoading, reload } = useQuery(() => load(question), [question]);
  return (
    <button type="button" onClick={reload}>
      {JSON.stringify({ data, error: error?.message, isLoading })}
    </button>
  );
}

describe('times', () => {
  it('are those of the time zone, not of the machine', () => {
    expect(italian.time('2026-11-23T09:14:00Z')).toBe('10:14');
    expect(createFormats('it', 'America/New_York', now).time('2026-11-23T09:14:00Z')).toBe('04:14');
  });

  it('in a list are the hour today, the day this year, else the whole date', () => {
    expect(italian.listTime('2026-11-23T09:14:00Z')).toBe('10:14');
    expect(italian.listTime('2026-11-22T09:14:00Z')).toBe('22 nov');
    expect(english.listTime('2026-11-22T09:14:00Z')).toBe('22 Nov');
    expect(italian.listTime('2025-12-31T09:14:00Z')).toBe('31/12/2025');
  });

  it('count a day by its midnight in the time zone', () => {
    expect(italian.day('2026-11-22T22:59:00Z')).toBe('ieri, 23:59');
    expect(italian.day('2026-11-22T23:01:00Z')).toBe('oggi, 00:01');
    expect(english.day('2026-11-22T23:01:00Z')).toBe('today, 00:01');
    expect(english.day('2026-10-12T08:00:00Z')).toBe('12/10/2026, 10:00');
  });

  it('relative to now use the largest unit that fits', () => {
    expect(italian.relative('2026-11-23T09:26:00Z')).toBe('4 minuti fa');
    expect(english.relative('2026-11-23T07:30:00Z')).toBe('2 hours ago');
    expect(italian.relative('2026-11-22T09:30:00Z')).toBe('ieri');
    expect(english.relative('2026-11-23T09:29:40Z')).toBe('now');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [890, '890 ms'],
    [999.6, '1 s'],
    [3200, '3,2 s'],
    [59_940, '59,9 s'],
    [59_960, '1 min'],
    [252_000, '4 min 12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 g 4 h'],
  ])('of %d ms read %s', (ms, text) => {
    expect(italian.duration(ms)).toBe(text);
  });

  it('follow the language', () => {
    expect(english.duration(3200)).toBe('3.2 s');
    expect(english.duration(273_600_000)).toBe('3 d 4 h');
  });
});

describe('a query', () => {
  const shown = () => JSON.parse(screen.getByRole('button').textContent ?? '') as Record<string, unknown>;

  it('drops the answer to a question that was replaced', async () => {
    const answers = new Map<string, (text: string) => void>();
    const load = (question: string) => new Promise<string>((resolve) => answers.set(question, resolve));
    const { rerender } = render(<Answer question="old" load={load} />);
    rerender(<Answer question="new" load={load} />);
    await act(async () => answers.get('new')?.('new answer'));
    await act(async () => answers.get('old')?.('old answer'));
    expect(shown()).toEqual({ data: 'new answer', isLoading: false });
  });

  it('forgets the old answer at once when the question changes', async () => {
    const load = (question: string) =>
      question === 'new' ? new Promise<string>(() => {}) : Promise.resolve('old answer');
    const { rerender } = render(<Answer question="old" load={load} />);
    await waitFor(() => expect(shown()).toEqual({ data: 'old answer', isLoading: false }));
    rerender(<Answer question="new" load={load} />);
    expect(shown()).toEqual({ isLoading: true });
  });

  it('keeps the last answer beside the error of a failed reload', async () => {
    let attempts = 0;
    const load = async () => {
      attempts += 1;
      if (attempts > 1) throw new Error('away');
      return 'answer';
    };
    render(<Answer question="same" load={load} />);
    await waitFor(() => expect(shown()).toEqual({ data: 'answer', isLoading: false }));
    act(() => screen.getByRole('button').click());
    await waitFor(() => expect(shown()).toEqual({ data: 'answer', error: 'away', isLoading: false }));
  });
});
