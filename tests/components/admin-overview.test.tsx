import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { AdminOverview } from '../../src/components/admin/admin-overview';
import { type BulkResult, type Overview, type WorkflowClient, WorkflowError } from '../../src/core';
import { createFakeClient } from '../../stories/support/fake-client';
import { createSamples } from '../../stories/support/samples';
import { now, renderTrama, stopClock } from './support';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

const { byName } = createSamples(now.getTime());
const failed = byName.failed.run;
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

const quiet: Overview = {
  ...{ at: now.toISOString(), from: ago(24 * 60) },
  active: { queued: 0, running: 2, waiting: 5, needs_attention: 0 },
  stuck: { total: 0, items: [] },
  inDoubt: { total: 0, items: [] },
  failing: [],
};
const failing: Overview['failing'][number] = {
  ...{ workflowId: failed.workflowId, workflowName: 'Avviso dopo la firma', failed: 4, unretried: 3 },
  codes: [
    { code: 'slack_http_error', count: 3 },
    { code: 'reference_missing', count: 1 },
  ],
  lastFailed: { ...failed, finishedAt: ago(10) },
  lastSucceededAt: ago(180),
};

/** The overview before a server that says this, and answers bulk retries with these pages. */
function show(
  overview: Partial<Overview>,
  pages: BulkResult[][] = [],
  { locale = 'it', ...calls }: { locale?: 'en' | 'it' } & Partial<WorkflowClient> = {},
) {
  const onOpenRun = jest.fn();
  const asked: unknown[] = [];
  let said = { ...quiet, ...overview };
  const { workflows, runs } = createSamples(now.getTime());
  const client = Object.assign(createFakeClient({ workflows, runs }), {
    getOverview: async () => said,
    retryRuns: async ({ body }: { body: { cursor?: string } }) => {
      asked.push(body);
      const index = Number(body.cursor ?? 0);
      const nextCursor = index + 1 < pages.length ? String(index + 1) : null;
      return { items: pages[index] ?? [], nextCursor };
    },
    ...calls,
  });
  const say = (change: Partial<Overview>) => {
    said = { ...said, ...change };
  };
  const view = renderTrama(<AdminOverview onOpenRun={onOpenRun} />, { locale, provider: { client } });
  return { ...view, asked, onOpenRun, say };
}

const started = (id: string): BulkResult => ({ id, run: { ...failed, retryOf: id }, error: null });
const refused = (id: string): BulkResult => ({
  ...{ id, run: null },
  error: { code: 'retry_impossible', message: 'The latest version begins with another trigger.' },
});
const retriedByOthers = (id: string): BulkResult => ({
  ...{ id, run: null },
  error: { code: 'already_retried', message: 'The run has been retried before.' },
});
const card = async () => (await screen.findByRole('heading', { name: 'Avviso dopo la firma' })).closest('li');

describe('the overview for administrators', () => {
  it('says that nothing needs anybody, and what is under way', async () => {
    show({});
    expect(await screen.findByText('Niente richiede il tuo intervento')).toBeVisible();
    expect(screen.getByText('2 in corso')).toBeVisible();
    expect(screen.getByText('5 in attesa')).toBeVisible();
    expect(screen.queryByRole('heading', { name: /Ferme|In dubbio|Non riuscite/ })).toBeNull();
  });

  it('says of each run in doubt at which step and since when, and opens it', async () => {
    const { run } = byName.doubtful;
    const { user, onOpenRun } = show({
      inDoubt: { total: 1, items: [{ run, stepKey: run.error?.stepKey ?? null, since: ago(30) }] },
    });
    expect(await screen.findByRole('heading', { name: 'In dubbio (1)' })).toBeVisible();
    expect(await screen.findByText(/^Al passo .* · 30 minuti fa$/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: new RegExp(run.title ?? '') }));
    expect(onOpenRun).toHaveBeenCalledWith(run.id);
  });

  it.each([
    ['not_started', 'Nessun server l’ha presa in carico: sono occupati o fermi · 12 minuti fa'],
    ['runner_silent', 'Il server che la eseguiva non dà più segni di vita · 12 minuti fa'],
    ['overdue', 'Il momento che attende è passato · 12 minuti fa'],
    ['cancel_pending', 'È stata annullata, ma il suo passo non finisce · 12 minuti fa'],
    ['connection', 'Prosegue da sola appena Slack è collegato · 12 minuti fa'],
  ] as const)('says why a run does not go on: %s', async (reason, words) => {
    const run = {
      ...byName.waiting.run,
      waitingFor: { kind: 'connection' as const, until: null, provider: 'slack' },
    };
    show({ stuck: { total: 51, items: [{ run, reason, since: ago(12) }] } });
    expect(await screen.findByRole('heading', { name: 'Ferme (51)' })).toBeVisible();
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getByText('Sono mostrate le 1 più vecchie di 51.')).toBeVisible();
  });

  it('says of a failing workflow how often, of what and at which step', async () => {
    const { user, onOpenRun } = show({ failing: [failing] });
    await waitFor(async () =>
      expect(await card()).toHaveTextContent(
        'L’ultima: Slack non risponde (Avvisa l’amministrazione), 10 minuti fa',
      ),
    );
    expect(await card()).toHaveTextContent('4 esecuzioni non riuscite');
    expect(await card()).toHaveTextContent('l’ultima riuscita 3 ore fa');
    expect(await card()).toHaveTextContent('slack_http_error: 3');
    await user.click(screen.getByRole('button', { name: 'Apri l’ultima' }));
    expect(onOpenRun).toHaveBeenCalledWith(failed.id);
  });

  it('says it in English too, and when a workflow has never gone well', async () => {
    show({ failing: [{ ...failing, failed: 1, lastSucceededAt: null }] }, [], { locale: 'en' });
    expect(await card()).toHaveTextContent('1 run failed');
    expect(await card()).toHaveTextContent('has never gone well');
  });

  it('retries all that failed when the person agrees, page by page, and says what came of it', async () => {
    const pages = [
      [started('a'), started('b')],
      [retriedByOthers('d'), refused('c')],
    ];
    const { user, asked, say } = show({ failing: [failing] }, pages);
    await user.click(await screen.findByRole('button', { name: 'Riprova tutte e 3' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Riprovare le esecuzioni non riuscite?' });
    expect(dialog).toHaveTextContent('3 esecuzioni ripartono dal passo non riuscito.');
    expect(asked).toEqual([]);
    say({ failing: [{ ...failing, unretried: 0 }] });
    await user.click(within(dialog).getByRole('radio', { name: 'Quella pubblicata oggi' }));
    await user.click(within(dialog).getByRole('button', { name: 'Riprova' }));
    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent(
        '2 esecuzioni sono state riavviate. 1 non riavviata: Da quel punto non si può riprendere',
      ),
    );
    // Those the person was shown, and no others.
    const filter = {
      ...{ workflowId: failed.workflowId, status: 'failed' },
      ...{ finishedFrom: quiet.from, finishedTo: quiet.at },
    };
    const version = 'latest';
    expect(asked).toEqual([
      { filter, version },
      { filter, version, cursor: '1' },
    ]);
    await waitFor(async () => expect(await card()).toHaveTextContent('tutte riprovate'));
    expect(screen.queryByRole('button', { name: /Riprova/ })).toBeNull();
  });

  it('retries nothing when the person does not agree', async () => {
    const { user, asked } = show({ failing: [failing] });
    await user.click(await screen.findByRole('button', { name: 'Riprova tutte e 3' }));
    await user.click(await screen.findByRole('button', { name: 'Non ora' }));
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(asked).toEqual([]);
  });

  it('says when it came to an end half-way', async () => {
    const away = new WorkflowError('unavailable', 'The server could not be reached.');
    const { user } = show({ failing: [failing] }, [], { retryRuns: () => Promise.reject(away) });
    await user.click(await screen.findByRole('button', { name: 'Riprova tutte e 3' }));
    await user.click(await screen.findByRole('button', { name: 'Riprova' }));
    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent(/0 esecuzioni.*Non tutte le esecuzioni/),
    );
    expect(screen.getByRole('button', { name: 'Riprova tutte e 3' })).toBeEnabled();
  });

  it('keeps what it shows when the server no longer answers, and says so', async () => {
    const away = new WorkflowError('unavailable', 'The server could not be reached.');
    const getOverview = jest.fn().mockResolvedValueOnce({ ...quiet, failing: [failing] });
    const { user } = show({}, [], { getOverview: getOverview.mockRejectedValue(away) });
    await card();
    fireEvent.focus(window);
    expect(await screen.findByText('Non è stato possibile aggiornare la panoramica.')).toBeVisible();
    expect(await card()).toHaveTextContent('4 esecuzioni non riuscite');
    getOverview.mockResolvedValue(quiet);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await screen.findByText('Niente richiede il tuo intervento')).toBeVisible();
    expect(screen.queryByText('Non è stato possibile aggiornare la panoramica.')).toBeNull();
  });

  it('says that it is for administrators', async () => {
    const forbidden = new WorkflowError('forbidden', 'This needs the role "admin".');
    show({}, [], { getOverview: () => Promise.reject(forbidden) });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Non è stato possibile caricare la panoramica',
    );
  });
});
