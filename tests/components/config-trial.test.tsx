import { act, screen, waitFor, within } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { updateStatus } from '../../src/blocks/doc-manager/update-status';
import { sendMessage } from '../../src/blocks/slack/send-message';
import { WorkflowBuilder } from '../../src/components/workflow-builder';
import {
  BlockError,
  done,
  implementBlock,
  type Json,
  type RunDetail,
  type StepFailure,
  type Workflow,
  WorkflowError,
} from '../../src/core';
import { createSamples } from '../../stories/support/samples';
import { condition, definition, node } from '../support/definitions';
import { dialog, renderBuilder } from './builder-page';
import { now, renderTrama } from './support';

expect.extend(toHaveNoViolations);

const text = 'Firmato: {{trigger.payload.document.title}}';
const post = node('post', 'slack.send-message', { label: 'Avvisa', config: { channel: '#fatture', text } });
const flow = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    post,
    node('check', 'flow.if', {
      config: condition('{{trigger.payload.document.title}}', 'contains', 'Contratto'),
    }),
    node('mark', 'doc-manager.update-status', {
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    }),
    node('quote', 'slack.send-message', {
      label: 'Cita',
      config: { channel: '#fatture', text: '{{step.post.output.ts}} di {{trigger.payload.document.title}}' },
    }),
    node('each', 'flow.loop', { label: 'Firmatari', config: { items: '{{trigger.payload.signers}}' } }),
    node('greet', 'slack.send-message', {
      label: 'Saluta',
      config: { channel: '#fatture', text: 'Ciao {{loop.item.name}}' },
    }),
  ],
  [
    ...['trigger -> post', 'post -> check', 'check:true -> mark', 'mark -> quote'],
    ...['check:false -> each', 'each:each -> greet'],
  ],
);

/** A run that got as far as its trigger. */
const lastRun = (output: Json): RunDetail => {
  const [sample] = createSamples(now.getTime()).runs as [RunDetail];
  const [trigger] = sample.steps as [RunDetail['steps'][number]];
  return {
    definition: flow,
    run: { ...sample.run, id: 'last', workflowId: 'workflow', createdAt: now.toISOString() },
    steps: [{ ...trigger, key: 'trigger', nodeId: 'trigger', status: 'succeeded', output }],
  };
};

const failingWith = (failure: Partial<StepFailure>) => ({
  executors: {
    'slack.send-message': implementBlock(sendMessage, {
      run: () => {
        throw new BlockError({ kind: 'terminal', code: 'refused', message: 'Refused.', ...failure });
      },
    }),
  },
});

async function openTrial(nodeId: string, label: string, options: Parameters<typeof renderBuilder>[0] = {}) {
  const page = await renderBuilder({ definition: flow, runs: [], ...options });
  await page.user.click(page.step(nodeId));
  await page.user.click(screen.getByRole('button', { name: /^(Prova questo passo|Try this step)$/ }));
  const trial = () => dialog(new RegExp(`^(Prova|Try) [«“]${label}[»”]$`));
  const asked = () =>
    page.client.fake.calls
      .filter(({ route }) => route === 'testNode')
      .map(({ request }) => (request as { body: { dryRun: boolean; definition: unknown } }).body);
  return { ...page, trial, asked };
}

const really = 'Esegui davvero…';
const confirm = 'Sì, esegui davvero';

/** Answers when told to. */
function held() {
  let answer = () => {};
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let count = 0;
  const executors = {
    'slack.send-message': implementBlock(sendMessage, {
      run: async ({ input }) => {
        count += 1;
        await gate;
        return done({ channel: input.channel, ts: '7.7' });
      },
    }),
  };
  return { executors, answer: () => act(async () => answer()), count: () => count };
}

describe('trying a step', () => {
  it('first says what it would do, with the values it would use, and does nothing', async () => {
    const { trial, asked, baseElement, stored } = await openTrial('post', 'Avvisa');
    expect(await trial().findByText(/^Invierebbe .*#fatture/)).toBeVisible();
    expect(trial().getByText(/non è stato inviato/)).toBeVisible();
    expect(trial().getByText('Firmato: Contratto Rossi')).toBeVisible();
    expect(asked().map(({ dryRun }) => dryRun)).toEqual([true]);
    expect(trial().getByRole('status')).toHaveTextContent(/^L’anteprima è pronta\. Invierebbe/);
    expect(await axe(baseElement)).toHaveNoViolations();
    expect(stored()?.revision).toBe(1);
  });

  it('tries what is typed, without saving it', async () => {
    const { user, step, stored, asked } = await renderBuilder({ definition: flow, runs: [] }).then(
      (page) => ({
        ...page,
        asked: () => page.client.fake.calls.filter(({ route }) => route === 'testNode'),
      }),
    );
    await user.click(step('post'));
    const form = dialog('Avvisa');
    await user.type(form.getByRole('textbox', { name: /^Messaggio/ }), 'Ora: ');
    await user.click(form.getByRole('button', { name: 'Prova questo passo' }));
    expect(await dialog('Prova «Avvisa»').findByText(/^Ora: Firmato/, { selector: 'dd' })).toBeVisible();
    expect(asked()).toHaveLength(1);
    await user.click(dialog('Prova «Avvisa»').getByText('Chiudi', { selector: '.trama-dialog-foot button' }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Prova questo passo' })).toHaveFocus());
    expect(stored()).toEqual({ definition: flow, revision: 1 });
  });

  it('does it only after a second yes that says what will happen, and shows what it gave', async () => {
    const { user, trial, asked } = await openTrial('post', 'Avvisa');
    await trial().findByText(/^Invierebbe/);
    await user.click(trial().getByRole('button', { name: really }));
    const question = within(screen.getByRole('alertdialog', { name: 'Eseguire davvero?' }));
    expect(question.getByText(/adesso succede davvero, in Slack/)).toBeVisible();
    expect(question.getByText(/^Invierebbe .*#fatture/)).toBeVisible();
    await user.click(question.getByRole('button', { name: 'Annulla' }));
    await waitFor(() => expect(trial().getByRole('button', { name: really })).toHaveFocus());
    expect(asked().map(({ dryRun }) => dryRun)).toEqual([true]);
    await user.click(trial().getByRole('button', { name: really }));
    await user.click(screen.getByRole('button', { name: confirm }));
    const done = await trial().findByText('Eseguito davvero', { selector: 'strong' });
    await waitFor(() => expect(document.activeElement).toContainElement(done));
    expect(document.activeElement).toHaveClass('trama-trial-result');
    expect(trial().getByText('ts')).toBeVisible();
    expect(asked().map(({ dryRun }) => dryRun)).toEqual([true, false]);
    expect(trial().getByRole('status')).toHaveTextContent('Eseguito davvero');
    await user.click(trial().getByRole('button', { name: 'Torna all’anteprima' }));
    expect(await trial().findByText(/^Invierebbe/)).toBeVisible();
  });

  it('is not done twice by an impatient person, nor taken back by closing', async () => {
    const gate = held();
    const { user, trial, asked } = await openTrial('post', 'Avvisa', { executors: gate.executors });
    await trial().findByText(/^Invierebbe/);
    await user.click(trial().getByRole('button', { name: really }));
    await user.dblClick(screen.getByRole('button', { name: confirm }));
    expect(
      await trial().findByText(/Chiudere questa finestra non lo ferma/, { selector: '.trama-muted' }),
    ).toBeVisible();
    await user.click(trial().getByRole('button', { name: 'Torna all’anteprima' }));
    expect([gate.count(), asked().length]).toEqual([1, 2]);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog', { name: 'Prova «Avvisa»' })).toBeNull();
    expect(dialog('Avvisa').getByRole('button', { name: 'Salva' })).toBeVisible();
    await gate.answer();
    expect(screen.queryByText('Eseguito davvero')).toBeNull();
  });

  it('asks for no yes where nothing outside changes, and says which way a run would go', async () => {
    const { user, trial } = await openTrial('check', 'Condizione');
    expect(await trial().findByText('Questo passo non cambia nulla fuori dal flusso.')).toBeVisible();
    await user.click(trial().getByRole('button', { name: 'Esegui' }));
    expect(
      await trial().findByText('L’esecuzione proseguirebbe da «Sì».', { selector: 'p.trama-muted' }),
    ).toBeVisible();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('takes the data of the last run, names the steps it has none of, and examples when asked', async () => {
    const payload = { document: { id: 'doc_7', title: 'Offerta Bianchi' } };
    const { user, trial, asked } = await openTrial('quote', 'Cita', {
      runs: [lastRun(payload)],
    });
    expect(await trial().findByText(/di Offerta Bianchi$/, { selector: 'dd' })).toBeVisible();
    expect(trial().getByText(/non ha dati di Avvisa: al loro posto/)).toBeVisible();
    expect(asked().at(-1)).toMatchObject({ payload, outputs: {} });
    await user.click(trial().getByRole('radio', { name: 'Esempi' }));
    expect(await trial().findByText(/di Contratto Rossi$/, { selector: 'dd' })).toBeVisible();
    expect(trial().queryByText(/al loro posto/)).toBeNull();
    expect(asked().at(-1)).not.toHaveProperty('payload');
  });

  it('names the values that are missing, and what to do', async () => {
    const { trial } = await openTrial('post', 'Avvisa', {
      runs: [lastRun({ document: { id: 'doc_7' } })],
    });
    expect(await trial().findByRole('heading', { name: 'Manca un valore' })).toBeVisible();
    expect(trial().getByText(/In questi dati manca: Documento completato · .*titolo/i)).toBeVisible();
    expect(trial().getByText(/correggi il passo, o scegli altri dati/)).toBeVisible();
    expect(trial().getByRole('status')).toHaveTextContent('Non è riuscito: Manca un valore.');
    expect(trial().getByRole('button', { name: really })).toHaveAttribute('aria-disabled', 'true');
  });

  it('uses the first item inside a loop, and says so', async () => {
    const { trial } = await openTrial('greet', 'Saluta');
    expect(await trial().findByText(/^Ciao Mario/, { selector: 'dd' })).toBeVisible();
    expect(trial().getByText(/con il primo elemento/)).toBeVisible();
  });

  it('asks nothing of the server while the step is not complete, and says what is missing', async () => {
    const incomplete = definition(
      [node('trigger', 'doc-manager.document-completed'), { ...post, config: { channel: '#fatture' } }],
      ['trigger -> post'],
    );
    const { trial, asked } = await openTrial('post', 'Avvisa', { definition: incomplete });
    expect(within(trial().getByRole('alert')).getByText(/Messaggio/)).toBeVisible();
    expect(trial().queryByRole('button', { name: really })).toBeNull();
    expect(asked()).toEqual([]);
  });

  it('offers to connect the provider when its connection is refused, then shows the preview again', async () => {
    const { user, trial, client, asked } = await openTrial('post', 'Avvisa', {
      ...failingWith({ kind: 'reconnect', code: 'token_revoked', provider: 'slack', actor: 'customer' }),
    });
    await trial().findByText(/^Invierebbe/);
    await user.click(trial().getByRole('button', { name: really }));
    await user.click(screen.getByRole('button', { name: confirm }));
    expect(await trial().findByText(/ricollega Slack, poi prova di nuovo/)).toBeVisible();
    const popup = { closed: false, close: () => {}, location: { href: '' } } as unknown as Window;
    const open = jest.spyOn(window, 'open').mockReturnValue(popup);
    await user.click(await trial().findByRole('button', { name: 'Collega Slack' }));
    client.fake.completeConnection('slack', 'ACME');
    await act(async () => {
      Object.assign(popup, { closed: true });
    });
    expect(await trial().findByText(/^Invierebbe/)).toBeVisible();
    expect(asked().map(({ dryRun }) => dryRun)).toEqual([true, false, true]);
    open.mockRestore();
  });

  it('says that nobody knows when the effect may have happened', async () => {
    const { user, trial } = await openTrial('post', 'Avvisa', {
      ...failingWith({ kind: 'uncertain', code: 'slack_unreachable', actor: 'provider' }),
    });
    await trial().findByText(/^Invierebbe/);
    await user.click(trial().getByRole('button', { name: really }));
    await user.click(screen.getByRole('button', { name: confirm }));
    expect(await trial().findByText(/guarda in Slack se è avvenuto/)).toBeVisible();
  });

  it.each([
    ['forbidden', 'Non è stato eseguito nulla', /Il tuo ruolo non lo consente/],
    ['unavailable', 'Non si sa se è avvenuto', /Guarda in Slack se è avvenuto/],
    ['internal', 'Non si sa se è avvenuto', /Guarda in Slack se è avvenuto/],
  ] as const)('tells a call that fails with %s for what it is', async (code, title, why) => {
    const { user, trial, client } = await openTrial('post', 'Avvisa');
    await trial().findByText(/^Invierebbe/);
    client.fake.fail('testNode', new WorkflowError(code, 'No.'));
    await user.click(trial().getByRole('button', { name: really }));
    await user.click(screen.getByRole('button', { name: confirm }));
    const alert = within(await trial().findByRole('alert'));
    expect(alert.getByText(title)).toBeVisible();
    expect(alert.getByText(why)).toBeVisible();
  });

  it('says why a preview could not be made, and makes it when asked again', async () => {
    const { user, trial, client } = await openTrial('post', 'Avvisa', {
      failures: { testNode: new WorkflowError('unavailable', 'No.') },
    });
    expect(await trial().findByText('Non è stato possibile preparare l’anteprima')).toBeVisible();
    client.fake.fail('testNode', null);
    await user.click(trial().getByRole('button', { name: 'Riprova' }));
    expect(await trial().findByText(/^Invierebbe/)).toBeVisible();
  });

  it('is there in English too', async () => {
    const { trial } = await openTrial('post', 'Avvisa', { locale: 'en' });
    expect(await trial().findByText(/^Would send .*#fatture/)).toBeVisible();
    expect(trial().getByRole('button', { name: 'Really do it…' })).toBeVisible();
  });

  it('is not offered for triggers', async () => {
    const { user, step } = await renderBuilder({ definition: flow });
    await user.click(step('trigger'));
    expect(screen.getByRole('dialog', { name: 'Documento completato' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Prova questo passo' })).toBeNull();
  });

  it('is not offered to those who only look', async () => {
    const [workflow] = createSamples(now.getTime()).workflows as [Workflow];
    const stored = { ...workflow, id: 'workflow', draft: { definition: flow, revision: 1 } };
    const { user } = renderTrama(<WorkflowBuilder workflowId="workflow" mode="view" />, {
      workflows: [stored],
    });
    await user.click(await screen.findByRole('button', { name: /^Avvisa/ }));
    expect(await screen.findByRole('dialog', { name: 'Avvisa' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Prova questo passo' })).toBeNull();
  });

  it('hands the server the values with their types for what it does for real', async () => {
    const marked: unknown[] = [];
    const executors = {
      'doc-manager.update-status': implementBlock(updateStatus, {
        run: ({ input }) => {
          marked.push(input);
          return done({ document: { id: input.documentId, title: 'x', status: input.status } });
        },
      }),
    };
    const { user, trial } = await openTrial('mark', 'Aggiorna stato', { executors });
    await trial().findByText(/^Metterebbe il documento/);
    await user.click(trial().getByRole('button', { name: really }));
    await user.click(screen.getByRole('button', { name: confirm }));
    await trial().findByText('Eseguito davvero', { selector: 'strong' });
    expect(marked).toHaveLength(1);
  });
});
