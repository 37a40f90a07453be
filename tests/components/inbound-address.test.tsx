import { screen, waitFor, within } from '@testing-library/react';
import { blocks } from '../../src/blocks';
import { buildCanvasState } from '../../src/components/runs/canvas-state';
import { runsMessages } from '../../src/components/runs/messages';
import { buildRunTree } from '../../src/components/runs/run-tree';
import { RunViewer } from '../../src/components/runs/run-viewer';
import { createFormats } from '../../src/components/shared/format';
import { createTranslator } from '../../src/components/shared/translate';
import { WorkflowBuilder } from '../../src/components/workflow-builder';
import { WorkflowEditor } from '../../src/components/workflow-editor';
import {
  indexBlocks,
  type Json,
  type RunDetail,
  type WorkflowDefinition,
  WorkflowError,
} from '../../src/core';
import { createSamples } from '../../stories/support/samples';
import { renderBuilder } from './builder-page';
import { now, type RenderOptions, renderTrama, stopClock } from './support';
import { canvas, detail } from './viewer-page';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

const startedBy = (type: string, config: Record<string, Json> = {}): WorkflowDefinition => ({
  schemaVersion: 1,
  nodes: [{ id: 'trigger', type, config }],
  edges: [],
});

/** The trigger's dialog, open. */
async function open(options: RenderOptions = {}, type = 'resend.inbound-email') {
  const view = await renderBuilder({ definition: startedBy(type), ...options });
  await view.user.click(view.step('trigger'));
  const routes = () => view.client.fake.calls.map(({ route }) => route);
  return { ...view, form: within(screen.getByRole('dialog')), routes };
}

const address = /^wf-[a-z2-7]+@in\.example\.com$/;

describe('the address of a workflow in its trigger’s form', () => {
  it('is made when the trigger is chosen, shown, and copied with one button', async () => {
    const { form, user, routes } = await open({}, 'flow.manual');
    expect(form.queryByLabelText('Indirizzo')).toBeNull();
    await user.selectOptions(form.getByLabelText('Cosa avvia il flusso'), 'resend.inbound-email');
    const field = await form.findByLabelText<HTMLInputElement>('Indirizzo');
    expect(field.value).toMatch(address);
    expect(field).toHaveAttribute('readonly');
    expect(routes()).toContain('createInboundAddress');
    await user.click(form.getByRole('button', { name: 'Copia l’indirizzo' }));
    expect(await navigator.clipboard.readText()).toBe(field.value);
  });

  it('is replaced only once that was confirmed, and the form says that the old one is gone', async () => {
    const { form, user, routes } = await open();
    const before = (await form.findByLabelText<HTMLInputElement>('Indirizzo')).value;
    await user.click(form.getByRole('button', { name: 'Sostituisci…' }));
    const question = () => within(screen.getByRole('alertdialog', { name: 'Sostituire l’indirizzo?' }));
    expect(question().getByText(/smette subito di funzionare/)).toBeVisible();
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(screen.getByRole('alertdialog')).toBeVisible();
    await user.click(question().getByRole('button', { name: 'Annulla' }));
    expect(routes()).not.toContain('rotateInboundAddress');
    await user.click(form.getByRole('button', { name: 'Sostituisci…' }));
    await user.click(question().getByRole('button', { name: 'Sostituisci l’indirizzo' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    const after = form.getByLabelText<HTMLInputElement>('Indirizzo').value;
    expect(after).toMatch(address);
    expect(after).not.toBe(before);
    expect(form.getByText('L’indirizzo è stato sostituito. Il vecchio non funziona più.')).toBeVisible();
  });

  it('stays as it was when replacing it fails, and the question says why', async () => {
    const { form, user, client } = await open({ locale: 'en' });
    const before = (await form.findByLabelText<HTMLInputElement>('Address')).value;
    client.fake.fail('rotateInboundAddress', new WorkflowError('forbidden', 'No.'));
    await user.click(form.getByRole('button', { name: 'Replace…' }));
    const question = within(screen.getByRole('alertdialog'));
    await user.click(question.getByRole('button', { name: 'Replace the address' }));
    expect(await question.findByRole('alert')).toHaveTextContent('Your role does not allow this.');
    expect(form.getByLabelText<HTMLInputElement>('Address').value).toBe(before);
  });

  it('tells which emails started nothing, and why', async () => {
    const refused = [
      { at: '2026-11-23T08:05:00Z', from: 'marco@bianchi.example', reason: 'sender_refused' as const },
      { at: '2026-11-22T08:05:00Z', from: 'news@shop.example', reason: 'automatic' as const },
    ];
    const { form } = await open({ inbound: { refused } });
    await form.findByText('Ultime email che non hanno avviato nulla');
    expect(form.getAllByRole('listitem', { hidden: true }).map(({ textContent }) => textContent)).toEqual([
      'oggi, 09:05 · marco@bianchi.example Il mittente non è tra quelli di «Solo da».',
      expect.stringMatching(/^ieri, 09:05 · news@shop\.example Era automatica/),
    ]);
  });

  it('says in plain words that the application receives no emails', async () => {
    const { form } = await open({ inbound: { configured: false } });
    expect(await form.findByText(/non è predisposta per ricevere email/)).toBeVisible();
    expect(form.queryByRole('button', { name: 'Sostituisci…' })).toBeNull();
  });

  it('says why it cannot be had', async () => {
    const failures = { getInboundAddress: new WorkflowError('unavailable', 'Down.') };
    const { form } = await open({ failures, locale: 'en' });
    expect(await form.findByRole('alert')).toHaveTextContent(/^The address could not be had: The server/);
  });

  it('is only read by who may only look', async () => {
    const view = await renderBuilder({ definition: startedBy('resend.inbound-email') });
    view.rerender(<WorkflowBuilder workflowId="workflow" mode="view" autosave={false} />);
    await screen.findByText('Sola lettura');
    await view.user.click(view.step('trigger'));
    const form = within(await screen.findByRole('dialog'));
    const routes = () => view.client.fake.calls.map(({ route }) => route);
    await form.findByLabelText('Indirizzo');
    expect(form.queryByRole('button', { name: 'Sostituisci…' })).toBeNull();
    expect(routes()).toContain('getInboundAddress');
    expect(routes()).not.toContain('createInboundAddress');
  });

  it('is promised by an editor that knows no server', async () => {
    const { client, user } = renderTrama(<WorkflowEditor value={startedBy('resend.inbound-email')} />);
    await user.click(document.querySelector('[data-node-id="trigger"]') as HTMLElement);
    expect(await screen.findByText(/riceve un indirizzo proprio là dove viene conservato/)).toBeVisible();
    expect(client.fake.calls.map(({ route }) => route)).not.toContain('getInboundAddress');
  });
});

describe('a run of an email that was not to be acted on', () => {
  it('says at its trigger why, and shows no way that was taken from there', async () => {
    const sample = createSamples(now.getTime()).byName.succeeded;
    const [first] = sample.steps;
    const passedOver: RunDetail = {
      run: { ...sample.run, status: 'succeeded', title: 'Offerte della settimana', error: null },
      steps: [
        {
          ...(first as RunDetail['steps'][number]),
          ...{ type: 'resend.inbound-email', status: 'succeeded', branch: null },
          output: { status: 'succeeded', message: 'automatic' },
        },
      ],
      definition: {
        ...startedBy('resend.inbound-email'),
        nodes: [
          ...startedBy('resend.inbound-email').nodes,
          { id: 'stop_a1b2', type: 'flow.stop', config: { status: 'succeeded' } },
        ],
        edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'stop_a1b2' }],
      },
    };
    renderTrama(<RunViewer runId={sample.run.id} />, { runs: [passedOver] });
    expect(await detail()).toHaveTextContent(/Era automatica, di una macchina o per una lista\./);
    const card = within(await canvas()).getByRole('button', { name: /Email ricevuta/ });
    expect(card).toHaveTextContent(/Era automatica/);
    const lookup = indexBlocks(blocks);
    const wayOut = (branch: string | null) => {
      const [trigger] = passedOver.steps as [RunDetail['steps'][number]];
      const run = { ...passedOver, steps: [{ ...trigger, branch }] };
      const words = {
        ...{
          t: createTranslator('it')(runsMessages),
          formats: createFormats('it', 'Europe/Rome'),
          locale: 'it' as const,
        },
        ...{
          definition: run.definition,
          blocks: lookup,
          title: null,
          providerLabel: String,
          branches: new Map(),
        },
      };
      return buildCanvasState(run, buildRunTree(run, lookup, 'it'), words).edges.get('e1');
    };
    expect([wayOut(null), wayOut('next')]).toEqual([undefined, 'done']);
  });
});
