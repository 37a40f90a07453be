import { screen, waitFor, within } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { RunViewer } from '../../src/components/runs/run-viewer';
import { type RunDetail, WorkflowError } from '../../src/core';
import { createSamples } from '../../stories/support/samples';
import { now, renderTrama, stopClock } from './support';
import { detail, heading, idOf, open, step } from './viewer-page';

expect.extend(toHaveNoViolations);
beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

type Page = ReturnType<typeof open>;

const callsOf = ({ client }: Page, route: string) =>
  client.fake.calls.filter((call) => call.route === route).map(({ request }) => request);
const chooseInMenu = async ({ user }: Page, button: string, item: RegExp) => {
  await user.click(await screen.findByRole('button', { name: button }));
  await user.click(screen.getByRole('menuitem', { name: item }));
};
const shownStatus = async (text: string) =>
  waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(text));
const withVersion = (publishedVersion: number) =>
  createSamples(now.getTime()).workflows.map((workflow) => ({ ...workflow, publishedVersion }));

describe('cancelling a run', () => {
  it('asks first, and changes nothing when the answer is no', async () => {
    const page = open('awaiting');
    await page.user.click(await screen.findByRole('button', { name: 'Annulla esecuzione' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Annullare questa esecuzione?' });
    expect(dialog).toHaveTextContent('Ciò che è già avvenuto non viene disfatto.');
    expect(await axe(page.baseElement)).toHaveNoViolations();
    await page.user.click(within(dialog).getByRole('button', { name: 'Lasciala proseguire' }));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
    expect(callsOf(page, 'cancelRun')).toEqual([]);
  });

  it('ends a waiting run, and says so at the step it waited in', async () => {
    const page = open('awaiting');
    await page.user.click(await screen.findByRole('button', { name: 'Annulla esecuzione' }));
    const dialog = await screen.findByRole('alertdialog');
    await page.user.click(within(dialog).getByRole('button', { name: 'Annulla esecuzione' }));
    await shownStatus('Annullata');
    await page.user.click(await step(/Attendi la firma/));
    expect(await detail()).toHaveTextContent('Si è fermato qui perché l’esecuzione è stata annullata.');
    expect(screen.queryByRole('button', { name: 'Annulla esecuzione' })).not.toBeInTheDocument();
  });

  it('lets the step under way finish, and says meanwhile that it is being canceled', async () => {
    const page = open('running');
    await screen.findByRole('button', { name: 'Annulla esecuzione' });
    await page.user.keyboard('{Tab}');
    (await step(/Oltre/)).focus();
    await page.user.keyboard('c');
    const dialog = await screen.findByRole('alertdialog');
    await page.user.click(within(dialog).getByRole('button', { name: 'Annulla esecuzione' }));
    await shownStatus('Annullamento in corso');
    expect(screen.queryByRole('button', { name: 'Annulla esecuzione' })).not.toBeInTheDocument();
  });

  it('that has ended meanwhile is told in words, and the run is shown as it is', async () => {
    const page = open('awaiting');
    const button = await screen.findByRole('button', { name: 'Annulla esecuzione' });
    page.client.fake.fail('cancelRun', new WorkflowError('run_finished', 'Ended.'));
    await page.user.click(button);
    const dialog = await screen.findByRole('alertdialog');
    await page.user.click(within(dialog).getByRole('button', { name: 'Annulla esecuzione' }));
    const problem = await screen.findByRole('alert');
    expect(problem).toHaveTextContent('L’esecuzione non è stata annullata');
    expect(problem).toHaveTextContent('Nel frattempo l’esecuzione è finita');
    await waitFor(() => expect(callsOf(page, 'watchRun')).toHaveLength(2));
    await page.user.click(within(problem).getByRole('button', { name: 'Chiudi' }));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('retrying a run', () => {
  it('goes on from the step that failed in a new run, in which what was done is not done again', async () => {
    const page = open('failed');
    await chooseInMenu(page, 'Riprova', /^Dal passo non riuscito/);
    await screen.findByRole('button', { name: 'Nuovo tentativo di un’esecuzione precedente' });
    await shownStatus('Riuscita');
    expect(callsOf(page, 'retryRun')).toMatchObject([{ body: { from: 'failed', version: 'same' } }]);
    expect(await step(/Archivia il contratto/)).toHaveTextContent('Già fatto nell’esecuzione precedente');
    expect(await step(/Avvisa/)).not.toHaveTextContent('Già fatto');
  });

  it('leads back to the run in which a step was done', async () => {
    const opened: string[] = [];
    const { user } = renderTrama(<RunViewer runId={idOf('retried')} onOpenRun={(id) => opened.push(id)} />);
    await user.click(await step(/Archivia il contratto/));
    await user.click(within(await detail()).getByRole('button', { name: 'nell’esecuzione precedente' }));
    expect(opened).toEqual([idOf('failed')]);
  });

  it('from the start does every step again, and opens the new run where the host shows runs', async () => {
    const opened: string[] = [];
    const page = renderTrama(<RunViewer runId={idOf('failed')} onOpenRun={(id) => opened.push(id)} />);
    await chooseInMenu(page, 'Riprova', /^Dall’inizio/);
    await waitFor(() => expect(opened).toHaveLength(1));
    const again = await page.client.getRun({ params: { id: opened[0] as string } });
    expect(again.run.retryOf).toBe(idOf('failed'));
    expect(again.steps.filter(({ reusedFrom }) => reusedFrom !== null)).toEqual([]);
  });

  it('from a step of choice repeats it and what follows, not what came before', async () => {
    const page = open('succeeded');
    await page.user.click(await step(/Archivia il contratto/));
    await chooseInMenu(page, 'Riprova da qui', /^Da questo passo «Archivia il contratto»/);
    await screen.findByRole('button', { name: 'Nuovo tentativo di un’esecuzione precedente' });
    await shownStatus('Riuscita');
    expect(callsOf(page, 'retryRun')).toMatchObject([{ body: { from: 'status_m3xa' } }]);
    expect(await step(/Oltre/)).toHaveTextContent('Già fatto');
    expect(await step(/Archivia/)).not.toHaveTextContent('Già fatto');
  });

  it('can use the version published since, and offers no choice when there is none', async () => {
    const page = open('failed', { workflows: withVersion(5) });
    await screen.findByRole('button', { name: 'Riprova' });
    (await step(/Oltre/)).focus();
    await page.user.keyboard('r');
    const menu = await screen.findByRole('menu', { name: 'Da dove riprendere' });
    expect(within(menu).getByRole('menuitem', { name: /^Dal passo/ })).toHaveFocus();
    expect(await axe(menu)).toHaveNoViolations();
    await page.user.keyboard('{ArrowUp}{Enter}');
    expect(within(menu).getByRole('menuitemradio', { name: 'L’ultima: v5' })).toBeChecked();
    await page.user.keyboard('{ArrowDown}{Enter}');
    await screen.findByText('v5 · Contratto Rossi');
    page.unmount();

    open('failed');
    await page.user.click(await screen.findByRole('button', { name: 'Riprova' }));
    expect(screen.queryByRole('menuitemradio')).not.toBeInTheDocument();
  });

  it('that cannot be is told with what to do, and keeps its key so that asking again starts nothing twice', async () => {
    const page = open('failed');
    page.client.fake.fail('retryRun', new WorkflowError('retry_impossible', 'No.'));
    await chooseInMenu(page, 'Riprova', /^Dal passo/);
    expect(await screen.findByRole('alert')).toHaveTextContent('Riprova dall’inizio.');
    page.client.fake.fail('retryRun', null);
    await chooseInMenu(page, 'Riprova', /^Dal passo/);
    await shownStatus('Riuscita');
    const keys = (callsOf(page, 'retryRun') as { headers: Record<string, string> }[]).map(
      ({ headers }) => headers['idempotency-key'],
    );
    expect(new Set(keys).size).toBe(1);
  });

  it.each(['running', 'approving', 'doubtful'] as const)(
    'is not offered while the run is %s',
    async (name) => {
      open(name);
      await heading();
      expect(screen.queryByRole('button', { name: /^Riprova/ })).not.toBeInTheDocument();
    },
  );

  it('of a run the workflow itself stopped begins at the start', async () => {
    const page = open('rejected');
    expect(await heading()).toHaveTextContent('Il flusso ha chiuso l’esecuzione come non riuscita');
    expect(await step(/Non inviare/)).toHaveAttribute('aria-current', 'true');
    await page.user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(screen.getAllByRole('menuitem')).toHaveLength(1);
  });
});

describe('for somebody who may only read', () => {
  it.each(['fault', 'approving', 'doubtful', 'succeeded'] as const)(
    'the run "%s" is shown whole, with nothing to press that would be refused',
    async (name) => {
      const detailOfRun = structuredClone(createSamples(now.getTime()).byName[name]);
      detailOfRun.run.canAct = false;
      open(name, { runs: [detailOfRun] });
      await detail();
      const refused =
        /Riprova|Esegui di nuovo|Annulla esecuzione|Approva|Rifiuta|Sì, è riuscito|No, eseguilo di nuovo/;
      expect(screen.queryByRole('button', { name: refused })).toBeNull();
    },
  );
});

describe('a decision', () => {
  it('is asked for in the words of the workflow, with who may decide and until when', async () => {
    open('approving');
    const panel = await detail();
    expect(panel).toHaveTextContent('Serve una decisione');
    expect(panel).toHaveTextContent('Inviare «Offerta Marino» al cliente?');
    expect(panel).toHaveTextContent('Può decidere chiunque possa modificare i flussi.');
    expect(panel).toHaveTextContent('Al più tardi domani, 08:20; poi prosegue senza.');
  });

  it('is made with a comment, and the run goes on', async () => {
    const page = open('approving');
    const panel = within(await detail());
    await page.user.type(await panel.findByRole('textbox', { name: /^Commento/ }), 'Va bene così.');
    await page.user.click(panel.getByRole('button', { name: 'Approva' }));
    await screen.findByText('In attesa di «Documento completato»');
    expect(callsOf(page, 'decideApproval')).toMatchObject([
      { body: { decision: 'approved', comment: 'Va bene così.' } },
    ]);
    await page.user.click(await step(/Conferma dell’ufficio/));
    expect(await detail()).toHaveTextContent('DecisioneApprovato da user_laura, oggi, 10:30');
    expect(await detail()).toHaveTextContent('CommentoVa bene così.');
  });

  it('names those who decided as the host does', async () => {
    const userName = (id: string) => (id === 'user_laura' ? 'Laura Bianchi' : id);
    const page = open('approving', { provider: { userName } });
    await page.user.click(await within(await detail()).findByRole('button', { name: 'Approva' }));
    await screen.findByText('In attesa di «Documento completato»');
    await page.user.click(await step(/Conferma dell’ufficio/));
    expect(await detail()).toHaveTextContent('DecisioneApprovato da Laura Bianchi, oggi, 10:30');
  });

  it('can be a no, and the run ends as the workflow says', async () => {
    const page = open('approving');
    await page.user.click(await within(await detail()).findByRole('button', { name: 'Rifiuta' }));
    await shownStatus('Non riuscita');
    expect(await detail()).toHaveTextContent('L’ufficio non ha confermato l’invio.');
    expect(callsOf(page, 'decideApproval')).toMatchObject([{ body: { decision: 'rejected' } }]);
  });

  it('that somebody else made first is told with who, when and what', async () => {
    const page = open('approving');
    const button = await within(await detail()).findByRole('button', { name: 'Approva' });
    const approval = { decidedBy: 'Laura Bianchi', decidedAt: '2026-11-23T09:28:00Z', status: 'rejected' };
    const refused = new WorkflowError('already_decided', 'Decided.', { details: { approval } });
    page.client.fake.fail('decideApproval', refused);
    await page.user.click(button);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Ha già deciso Laura Bianchi, oggi, 10:28: rifiutato. La tua decisione non ha cambiato nulla.',
    );
  });

  it('is offered only to those who are asked and have not answered yet', async () => {
    const { client } = open('approving');
    const list = client.listApprovals;
    const decisions = [
      { decision: 'approved' as const, decidedBy: 'user_laura', decidedAt: now.toISOString(), comment: null },
    ];
    const asked = jest.spyOn(client, 'listApprovals').mockImplementation(async (request) => {
      const page = await list(request);
      return {
        ...page,
        items: page.items.map((one) => ({ ...one, canDecide: false, required: 2, decisions })),
      };
    });
    expect(await screen.findByText('Approvazioni: 1 su 2')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Approva|Rifiuta/ })).not.toBeInTheDocument();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('is offered where it cannot be read who may decide: the server has the last word', async () => {
    const { client } = open('approving');
    jest.spyOn(client, 'listApprovals').mockRejectedValue(new WorkflowError('internal', 'Down.'));
    expect(await within(await detail()).findByRole('button', { name: 'Approva' })).toBeEnabled();
  });

  it('whose time has come is no longer offered', async () => {
    const late = structuredClone(createSamples(now.getTime()).byName.approving);
    for (const one of late.steps) if (one.wait?.kind === 'decision') one.wait.until = '2026-11-23T09:25:00Z';
    open('approving', { runs: [late] });
    expect(await detail()).toHaveTextContent('Il momento è arrivato 5 minuti fa: prosegue a breve.');
    expect(screen.queryByRole('button', { name: 'Approva' })).not.toBeInTheDocument();
  });
});

describe('a wait', () => {
  it('for an event names the event and its values as people know them', async () => {
    open('awaiting');
    const panel = await detail();
    expect(panel).toHaveTextContent('In attesa di «Documento completato»');
    expect(panel).toHaveTextContent('Documento › Id documento è doc_12');
    expect(await step(/Attendi la firma/)).toHaveAttribute('aria-current', 'true');
  });

  it('for a time says until when, and that nobody has to do anything', async () => {
    const paused = structuredClone(createSamples(now.getTime()).byName.awaiting);
    for (const one of paused.steps)
      if (one.wait?.kind === 'event') one.wait = { kind: 'time', until: '2026-11-24T08:00:00Z' };
    open('awaiting', { runs: [paused] });
    expect(await detail()).toHaveTextContent('In attesa fino a domani, 09:00L’esecuzione prosegue da sola.');
  });
});

describe('a step in doubt', () => {
  it('is a question to a person; yes goes on behind it', async () => {
    const page = open('doubtful');
    const panel = within(await detail());
    expect(panel.getByRole('heading', { name: /Non sappiamo se/ })).toHaveTextContent(
      'Non sappiamo se «Avvisa l’amministrazione» è riuscito',
    );
    expect(await detail()).toHaveTextContent('Controlla in Slack, poi dicci com’è andata.');
    await page.user.click(panel.getByRole('button', { name: 'Sì, è riuscito' }));
    await shownStatus('Riuscita');
    expect(callsOf(page, 'settleStep')).toMatchObject([
      { body: { stepKey: 'message_k2pd', happened: true, output: null } },
    ]);
  });

  it('is carried out again when it did not happen', async () => {
    const page = open('doubtful', { locale: 'en' });
    await page.user.click(within(await detail()).getByRole('button', { name: 'No, run it again' }));
    await shownStatus('Succeeded');
    expect(callsOf(page, 'settleStep')).toMatchObject([{ body: { happened: false } }]);
  });

  it('asks for the data later steps use, by their names, and takes only what can be read', async () => {
    const page = open('doubtfulWithData');
    await page.user.click(within(await detail()).getByRole('button', { name: 'Sì, è riuscito' }));
    const field = screen.getByRole('textbox', { name: 'Dati del passo' });
    expect(field).toHaveFocus();
    expect(field).toHaveValue('{\n  "ts": ""\n}');
    expect(field).toHaveAccessibleDescription(/^Servono ai passi che seguono: Id messaggio/);
    expect(await axe(page.baseElement)).toHaveNoViolations();
    await page.user.clear(field);
    await page.user.type(field, '{{"ts": ');
    await page.user.click(screen.getByRole('button', { name: 'Conferma che è riuscito' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Questo non è JSON valido');
    expect(callsOf(page, 'settleStep')).toEqual([]);
    await page.user.type(field, '"17.5"}');
    await page.user.click(screen.getByRole('button', { name: 'Conferma che è riuscito' }));
    await screen.findByText('In attesa di «Documento completato»');
    expect(callsOf(page, 'settleStep')).toMatchObject([{ body: { output: { ts: '17.5' } } }]);
  });

  it('that somebody has answered for meanwhile is told in words', async () => {
    const page = open('doubtful');
    const yes = within(await detail()).getByRole('button', { name: 'Sì, è riuscito' });
    page.client.fake.fail('settleStep', new WorkflowError('step_not_in_doubt', 'Settled.'));
    await page.user.click(yes);
    expect(await screen.findByRole('alert')).toHaveTextContent('Qualcuno ha già risposto');
  });

  it('in a canceled run is only told: there is nothing left to answer', async () => {
    const canceled: RunDetail = structuredClone(createSamples(now.getTime()).byName.doubtful);
    canceled.run.status = 'canceled';
    open('doubtful', { runs: [canceled] });
    expect(await detail()).toHaveTextContent('Controlla in Slack se è avvenuto');
    expect(screen.queryByRole('button', { name: 'Sì, è riuscito' })).not.toBeInTheDocument();
  });
});
