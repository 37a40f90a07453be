import { screen, within } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { blocks } from '../../src/blocks';
import { configureNode } from '../../src/components/builder/edit-operations';
import { indexBlocks, type WorkflowDefinition } from '../../src/core';
import { confirmDefinition } from '../../stories/support/sample-definitions';
import { dialog, renderBuilder } from './builder-page';

expect.extend(toHaveNoViolations);

const lookup = indexBlocks(blocks);
const pause: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
    { id: 'wait_a1b2', type: 'flow.wait', config: { amount: 2, unit: 'hours' } },
    { id: 'status_c3d4', type: 'doc-manager.update-status', config: { documentId: 'x', status: 'archived' } },
  ],
  edges: [
    { id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'wait_a1b2' },
    { id: 'e2', source: 'wait_a1b2', sourceHandle: 'next', target: 'status_c3d4' },
  ],
};
const waysOf = ({ edges }: WorkflowDefinition) =>
  edges.map(({ source, sourceHandle, target }) => `${source}.${sourceHandle} → ${target}`);
const exitsOf = (id: string) =>
  screen
    .queryAllByRole('button', { name: /^Aggiungi un passo/ })
    .filter((button) => button.dataset.point?.includes(id))
    .map((button) => button.getAttribute('aria-label'));

describe('the exits of a step', () => {
  it('follow what it waits for: what came after a pause comes after the event', async () => {
    const { user, step, builder } = await renderBuilder({ definition: pause });
    await user.click(step('wait_a1b2'));
    const form = dialog('Attendi');
    await user.click(form.getByRole('radio', { name: 'un evento' }));
    await user.selectOptions(form.getByRole('combobox', { name: 'Evento' }), 'Documento completato');
    await user.click(form.getByRole('button', { name: 'Aggiungi: Solo l’evento in cui' }));
    await user.type(form.getByRole('textbox', { name: 'Campo dell’evento' }), 'document.id');
    await user.type(form.getByRole('textbox', { name: 'Valore' }), 'doc_1');
    expect(form.getByText('Pronto')).toBeVisible();
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(waysOf(builder().getDefinition())).toEqual([
      'trigger.next → wait_a1b2',
      'wait_a1b2.resumed → status_c3d4',
    ]);
    expect(exitsOf('wait_a1b2')).toEqual(['Aggiungi un passo dopo «Attendi», uscita «Non in tempo»']);
    expect(builder().validate()).toEqual([]);
  });

  it('that are gone take their connections with them, the usual one stays connected', () => {
    const changed = configureNode(confirmDefinition, 'wait_b7qe', { config: { amount: 1 } }, lookup);
    expect(waysOf(changed).filter((way) => way.startsWith('wait_b7qe'))).toEqual([
      'wait_b7qe.next → status_c8nd',
    ]);
  });

  it('do not exist behind the end of a run: nothing can be added there, only before it', async () => {
    const { told, builder } = await renderBuilder({ definition: confirmDefinition });
    expect(exitsOf('stop_x2mz').filter((label) => label?.includes('dopo «Non inviare»'))).toEqual([]);
    told((handle) => handle.selectNode('stop_x2mz'));
    const id = told((handle) => handle.addNode('doc-manager.update-status')) as string;
    expect(waysOf(builder().getDefinition())).toEqual(
      expect.arrayContaining([`approval_t4gk.rejected → ${id}`, `${id}.next → stop_x2mz`]),
    );
  });

  it('are none of a stop put into a path: what followed is left for the person to connect or delete', async () => {
    const { user, builder } = await renderBuilder({ definition: pause });
    const plus = screen.getByRole('button', { name: 'Aggiungi un passo tra «Attendi» e «Aggiorna stato»' });
    await user.click(plus);
    await user.keyboard('ferma{Enter}');
    const stop = builder()
      .getDefinition()
      .nodes.find(({ type }) => type === 'flow.stop')?.id;
    expect(waysOf(builder().getDefinition())).toEqual([
      'trigger.next → wait_a1b2',
      `wait_a1b2.next → ${stop}`,
    ]);
    expect(
      builder()
        .validate()
        .map(({ code }) => code),
    ).toEqual(['node_unreachable']);
  });
});

describe('the form of a wait', () => {
  const open = async (locale: 'it' | 'en' = 'it') => {
    const page = await renderBuilder({ definition: pause, locale });
    await page.user.click(page.step('wait_a1b2'));
    return { ...page, form: within(screen.getByRole('dialog')) };
  };

  it('shows only the fields of the kind of wait that is chosen', async () => {
    const { user, form } = await open();
    const shown = () =>
      [...screen.getByRole('dialog').querySelectorAll<HTMLElement>('[data-path]')].map(
        ({ dataset }) => dataset.path,
      );
    expect(shown()).toEqual(['for', 'amount', 'unit']);
    await user.click(form.getByRole('radio', { name: 'giorni' }));
    expect(shown()).toEqual(['for', 'amount', 'unit', 'at']);
    await user.click(form.getByRole('radio', { name: 'fino a una data' }));
    expect(shown()).toEqual(['for', 'until']);
    await user.click(form.getByRole('radio', { name: 'un evento' }));
    expect(shown()).toEqual(['for', 'event', 'where', 'timeoutAmount', 'timeoutUnit']);
    expect(await axe(screen.getByRole('dialog'))).toHaveNoViolations();
  });

  it('keeps what a hidden field held for when it is shown again', async () => {
    const { user, form } = await open();
    await user.click(form.getByRole('radio', { name: 'un evento' }));
    await user.click(form.getByRole('radio', { name: 'per un tempo' }));
    expect(form.getByRole('textbox', { name: 'Per quanto' })).toHaveValue('2');
    expect(form.getByText('Pronto')).toBeVisible();
  });

  it('starts with the choice that is made, and works with the arrows', async () => {
    const { user, form } = await open('en');
    expect(form.getByRole('radio', { name: 'for a time' })).toHaveFocus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(form.getByRole('radio', { name: 'for an event' })).toBeChecked();
    expect(form.getByRole('option', { name: 'Document completed' })).toBeInTheDocument();
  });

  it('is told on the card by the name of the trigger its event starts, never by the event’s type', async () => {
    const config = {
      for: 'event',
      event: 'document.completed',
      where: [{ path: 'document.id', equals: '1' }],
    };
    const { step } = await renderBuilder({
      definition: configureNode(pause, 'wait_a1b2', { config }, lookup),
    });
    expect(step('wait_a1b2')).toHaveTextContent('Documento completato');
    expect(step('wait_a1b2')).not.toHaveTextContent('document.completed');
  });

  it('keeps an event no trigger here starts with, and says what is wrong with it', async () => {
    const odd = configureNode(
      pause,
      'wait_a1b2',
      { config: { for: 'event', event: 'invoice.paid', where: [{ path: 'id', equals: '1' }] } },
      lookup,
    );
    const { user, step } = await renderBuilder({ definition: odd });
    await user.click(step('wait_a1b2'));
    expect(screen.getByRole('combobox', { name: 'Evento' })).toHaveValue('invoice.paid');
    expect(screen.getByRole('combobox', { name: 'Evento' })).toHaveAccessibleDescription(
      /Qui non arriva mai un evento di tipo «invoice.paid»/,
    );
  });
});
