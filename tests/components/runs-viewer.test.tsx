import { act, screen, waitFor, within } from '@testing-library/react';
import { sendMessage } from '../../src/blocks/slack/send-message';
import { RunViewer } from '../../src/components/runs/run-viewer';
import { BlockError, implementBlock, WorkflowError } from '../../src/core';
import { failures } from '../../stories/support/sample-failures';
import { createSamples } from '../../stories/support/samples';
import { now, renderTrama, stopClock } from './support';
import { canvas, chooseOnCanvas, detail, heading, idOf, open, step, timeline } from './viewer-page';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

describe('a run', () => {
  it('is headed by the workflow, the status, the version and what it was about', async () => {
    open('failed');
    expect(await screen.findByRole('heading', { name: 'Avviso dopo la firma' })).toBeVisible();
    expect(screen.getByText('v4 · Contratto Rossi')).toBeVisible();
    expect(screen.getByText('Iniziata oggi, 10:14 · 3,2 s')).toBeVisible();
    expect(screen.getAllByText('Non riuscita')[0]).toBeVisible();
  });

  it.each([
    ['it', 'Apri in Trigger.dev'],
    ['en', 'Open in Trigger.dev'],
  ] as const)(
    'leads to where the platform shows it (%s), in a window that cannot reach back',
    async (locale, name) => {
      const url = 'https://cloud.trigger.dev/projects/v3/proj_1/runs/run_9';
      const shown = structuredClone(createSamples(now.getTime()).byName.failed);
      shown.run.engine = { kind: 'trigger', id: 'run_9', url };
      open('failed', { locale, runs: [shown] });
      const link = await screen.findByRole('link', { name });
      expect(link).toHaveAttribute('href', url);
      expect(link).toHaveAttribute('target', '_blank');
      expect(link.getAttribute('rel')?.split(' ')).toEqual(
        expect.arrayContaining(['noopener', 'noreferrer']),
      );
    },
  );

  it.each([
    ['no platform carries it out', null],
    ['it is not known where the platform shows it', { kind: 'trigger', id: 'run_9', url: null } as const],
  ])('leads nowhere when %s', async (_, engine) => {
    const shown = structuredClone(createSamples(now.getTime()).byName.failed);
    shown.run.engine = engine;
    open('failed', { runs: [shown] });
    expect(await screen.findByRole('heading', { name: 'Avviso dopo la firma' })).toBeVisible();
    expect(screen.queryByRole('link', { name: /Trigger\.dev/ })).not.toBeInTheDocument();
  });

  it('selects the step that failed first, on the canvas and in the timeline alike', async () => {
    open('failed');
    expect(await heading()).toHaveTextContent('Avvisa l’amministrazione');
    expect(await step(/Avvisa/)).toHaveAttribute('aria-current', 'true');
    const card = within(await canvas()).getByRole('button', { name: /Avvisa/ });
    expect(card).toHaveAttribute('aria-current', 'true');
  });

  it('shows each step on the canvas with what it did or why it was passed by', async () => {
    open('failed');
    const drawn = within(await canvas());
    expect(drawn.getByRole('button', { name: /Documento completato/ })).toHaveTextContent('Contratto Rossi');
    expect(drawn.getByRole('button', { name: /Oltre 1\.000/ })).toHaveTextContent('1200 > 1000 · Sì');
    expect(drawn.getByRole('button', { name: /Aggiorna stato/ })).toHaveTextContent(
      'Saltato: la condizione ha dato Sì',
    );
    expect(drawn.getByRole('button', { name: /Avvisa/ })).toHaveTextContent('3 tentativi');
  });

  it('has one selection: choosing on the canvas chooses in the timeline, and the other way round', async () => {
    const { user } = open('failed');
    await chooseOnCanvas(user, /Archivia/);
    expect(await step(/Archivia/)).toHaveAttribute('aria-current', 'true');
    expect(await step(/Avvisa/)).not.toHaveAttribute('aria-current');
    await user.click(await step(/Oltre/));
    expect(within(await canvas()).getByRole('button', { name: /Oltre/ })).toHaveAttribute(
      'aria-current',
      'true',
    );
    expect(await heading()).toHaveTextContent('Oltre 1.000 €?');
  });

  it('moves between steps with the arrows in the timeline and with j and k anywhere', async () => {
    const { user } = open('failed');
    await user.click(await step(/Documento completato/));
    await user.keyboard('{ArrowDown}');
    expect(await step(/Oltre/)).toHaveFocus();
    expect(await heading()).toHaveTextContent('Oltre 1.000 €?');
    await user.keyboard('{End}k');
    expect(await heading()).toHaveTextContent('Avvisa l’amministrazione');
    await chooseOnCanvas(user, /Documento completato/);
    await user.keyboard('j');
    expect(await heading()).toHaveTextContent('Oltre 1.000 €?');
  });

  it('says why a step was skipped, with the name of the step that decided', async () => {
    const { user } = open('failed');
    await user.click(await step(/Aggiorna stato/));
    expect(await detail()).toHaveTextContent('«Oltre 1.000 €?» ha preso un’altra uscita, non «No».');
  });

  it('shows the conditions with the values of the run and the branch taken', async () => {
    const { user } = open('otherBranch');
    await user.click(await step(/Oltre/));
    const panel = within(await detail());
    expect(panel.getByText('Ramo preso').nextElementSibling).toHaveTextContent('No');
    expect(panel.getByText(/supera/).textContent).toBe('480 supera 1000: non vale');
  });

  it('says of a step the run did not come to that it was not reached', async () => {
    const { user } = open('missingValue');
    await chooseOnCanvas(user, /Avvisa/);
    expect(await detail()).toHaveTextContent('L’esecuzione non è arrivata fin qui.');
  });

  it('draws one bar per attempt and the pauses between them', async () => {
    open('failed');
    const bars = [...(await step(/Avvisa/)).querySelectorAll<HTMLElement>('.trama-tl-bar')];
    expect(bars.map((bar) => bar.title)).toEqual([
      'tentativo 1 non riuscito, 220 ms',
      'pausa di 510 ms',
      'tentativo 2 non riuscito, 220 ms',
      'pausa di 1 s',
      'tentativo 3 non riuscito, 260 ms',
    ]);
  });
});

describe('a loop', () => {
  it('groups the steps of each item under it and opens at the one that failed', async () => {
    open('loop');
    expect(await heading()).toHaveTextContent('Scrivi al referente');
    expect(await step(/Elemento 2: Anna Bianchi ?, Non riuscito/)).toBeVisible();
    expect(await step(/Per ogni firmatario ?, Riuscito/)).toBeVisible();
    expect(within(await canvas()).getByRole('button', { name: /Scrivi al referente/ })).toHaveTextContent(
      '1 di 3 non riusciti',
    );
  });

  it('opens and closes an item, and sums it up when it is chosen', async () => {
    const { user } = open('loop');
    const closed = await screen.findByRole('button', { name: 'Mostra i passi di «Elemento 4: Sara Neri»' });
    const before = within(await timeline()).getAllByRole('button', { name: /È un cliente/ }).length;
    await user.click(closed);
    expect(within(await timeline()).getAllByRole('button', { name: /È un cliente/ })).toHaveLength(
      before + 1,
    );
    await user.click(await step(/^Elemento 1: Mario Rossi/));
    expect(await detail()).toHaveTextContent('È un cliente? signer = signer · Sì');
  });
});

describe('a loop over many items', () => {
  it('draws the first twenty and the rest on demand', async () => {
    const long = structuredClone(createSamples(now.getTime()).byName.loop);
    const sent = long.steps.filter((candidate) => candidate.key.startsWith('loop_q8ra[0]/'));
    const others = long.steps.filter((candidate) => !candidate.key.startsWith('loop_q8ra['));
    const items = Array.from({ length: 60 }, (_, index) =>
      sent.map((candidate) => ({ ...candidate, key: candidate.key.replace('[0]', `[${index}]`) })),
    );
    long.steps = [...others, ...items.flat()];
    const { user } = open('loop', { runs: [long] });
    const shown = async () => within(await timeline()).getAllByRole('button', { name: /^Elemento / });
    expect(await shown()).toHaveLength(20);
    await user.click(screen.getByRole('button', { name: 'Mostra tutti i 60 elementi' }));
    expect(await shown()).toHaveLength(60);
  });
});

describe('values', () => {
  it('are text, open level by level, and are copied whole', async () => {
    const { user } = open('failed');
    await user.click(await step(/Documento completato/));
    const panel = within(await detail());
    expect(panel.queryByText('customFields')).not.toBeInTheDocument();
    await user.click(panel.getByRole('button', { name: /document 7 campi/ }));
    expect(panel.getByText('customFields')).toBeVisible();
    await user.click(panel.getByRole('button', { name: 'Copia l’uscita' }));
    expect(await panel.findByRole('button', { name: 'Copiato' })).toBeVisible();
    expect(JSON.parse(await navigator.clipboard.readText())).toMatchObject({
      document: { title: 'Contratto Rossi' },
    });
  });

  it('that hold markup are shown as written', async () => {
    const runs = [structuredClone(createSamples(now.getTime()).byName.succeeded)];
    const sent = runs[0]?.steps.find((candidate) => candidate.nodeId === 'message_k2pd');
    if (sent) sent.input = { text: '<img src=x onerror=alert(1)>' };
    const { user, container } = open('succeeded', { runs });
    await user.click(await step(/Avvisa/));
    expect(within(await detail()).getByText('“<img src=x onerror=alert(1)>”')).toBeVisible();
    expect(container.querySelector('img')).toBeNull();
  });
});

describe('live', () => {
  it('follows a run from its start to its end', async () => {
    const { client, samples } = open('running');
    expect(await heading()).toHaveTextContent('Avvisa l’amministrazione');
    expect(within(await detail()).getByText('In corso')).toBeVisible();
    const { run, steps } = samples.byName.succeeded;
    const ended = { ...samples.byName.running, steps, run: { ...run, id: idOf('running') } };
    act(() => client.fake.setRun(ended));
    expect(await screen.findByRole('status')).toHaveTextContent('Riuscita');
    expect(within(await canvas()).getByRole('button', { name: /Avvisa/ })).toHaveAccessibleName(/Riuscito/);
    // It was looked at last, and nothing went wrong elsewhere.
    expect(await heading()).toHaveTextContent('Avvisa l’amministrazione');
  });

  it('keeps what the person chose while news come in', async () => {
    const { client, samples, user } = open('running');
    await user.click(await step(/Oltre/));
    const { run, steps } = samples.byName.failed;
    act(() => client.fake.setRun({ ...samples.byName.running, steps, run: { ...run, id: idOf('running') } }));
    await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('Non riuscita'));
    expect(await heading()).toHaveTextContent('Oltre 1.000 €?');
  });

  it('stops watching when it goes away', async () => {
    const { client, samples, unmount } = open('running');
    await heading();
    unmount();
    expect(() => client.fake.setRun(samples.byName.running)).not.toThrow();
  });

  it('shows what the engine did, down to the failure of the executor', async () => {
    const refuse = implementBlock(sendMessage, {
      run: () => {
        throw new BlockError(failures.unknownChannel);
      },
    });
    const { client, rerender } = renderTrama(<RunViewer runId={idOf('failed')} />, {
      executors: { 'slack.send-message': refuse },
    });
    await heading();
    const payload = {
      document: {
        id: 'doc_77',
        title: 'Contratto Conti',
        status: 'completed',
        customFields: { importo: 5000 },
      },
    };
    const { run } = await client.startRun({ params: { id: 'wf_notice' }, body: { payload } });
    rerender(<RunViewer runId={run.id} />);
    expect(await screen.findByText('Slack non conosce questo canale')).toBeVisible();
    expect(screen.getByText('v4 · Contratto Conti')).toBeVisible();
    expect(within(await canvas()).getByRole('button', { name: /Oltre/ })).toHaveTextContent(
      '5000 > 1000 · Sì',
    );
  });
});

describe('a run that cannot be shown', () => {
  it('says so when it does not exist, with a way back', async () => {
    const back = jest.fn();
    const { user } = renderTrama(<RunViewer runId="gone" onBack={back} />);
    await screen.findByText('Questa esecuzione non esiste');
    await user.click(screen.getByRole('button', { name: 'Esecuzioni' }));
    expect(back).toHaveBeenCalledTimes(1);
  });

  it('can be asked for again when the server was away', async () => {
    const failures = { getRun: new WorkflowError('unavailable', 'The server could not be reached.') };
    const { client, user } = open('failed', { failures });
    expect(await screen.findByRole('alert')).toHaveTextContent('Il server non è raggiungibile');
    client.fake.fail('getRun', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await screen.findByRole('heading', { name: 'Avviso dopo la firma' })).toBeVisible();
  });

  it('leads to the run it repeats', async () => {
    const opened: string[] = [];
    const repeated = structuredClone(createSamples(now.getTime()).byName.succeeded);
    repeated.run.retryOf = 'run_before';
    const { user } = renderTrama(<RunViewer runId={repeated.run.id} onOpenRun={(id) => opened.push(id)} />, {
      runs: [repeated],
    });
    await user.click(
      await screen.findByRole('button', { name: 'Nuovo tentativo di un’esecuzione precedente' }),
    );
    expect(opened).toEqual(['run_before']);
  });
});
