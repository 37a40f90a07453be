import { screen, waitFor, within } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { blocks } from '../../src/blocks';
import { describeForm, type FormField, shownFields, type WorkflowDefinition } from '../../src/core';
import { branchesDefinition, everyKind, everyKindDefinition } from '../../stories/support/builder-samples';
import { dialog, renderBuilder } from './builder-page';

expect.extend(toHaveNoViolations);

const withBlock = (type: string): WorkflowDefinition => ({
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
    { id: 'step_a1b2', type, config: {} },
  ],
  edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'step_a1b2' }],
});

/** What a field of each kind is worked with. */
const roles: Record<FormField['kind'], string> = {
  text: 'textbox',
  number: 'textbox',
  boolean: 'switch',
  date: 'date',
  enum: 'radiogroup or combobox',
  remote: 'combobox',
  value: 'textbox',
  object: 'group',
  list: 'group',
  record: 'group',
  union: 'combobox',
};

function controlOf(form: ReturnType<typeof within>, label: string): string {
  if (form.queryByRole('group', { name: label })) return 'group';
  const found = form.getAllByLabelText(new RegExp(`^${label}`))[0] as HTMLElement;
  if (found.getAttribute('type') === 'date' || found.getAttribute('type') === 'datetime-local') return 'date';
  if (found.tagName === 'FIELDSET') return 'group';
  if (found.tagName === 'SELECT' || found.getAttribute('role') === 'combobox') return 'combobox';
  return found.getAttribute('role') ?? 'textbox';
}

describe('the form of a step', () => {
  it.each(blocks.filter((block) => block.kind === 'action').map((block) => block.type))(
    'has the control of its kind for every field of %s, and no violation of accessibility rules',
    async (type) => {
      const { user, step, baseElement } = await renderBuilder({ definition: withBlock(type) });
      await user.click(step('step_a1b2'));
      const block = blocks.find((candidate) => candidate.type === type);
      const form = within(screen.getByRole('dialog'));
      for (const field of shownFields(describeForm(block?.input), {})) {
        expect(roles[field.kind].split(' or ')).toContain(controlOf(form, field.label.it));
      }
      expect(await axe(baseElement)).toHaveNoViolations();
    },
  );

  it('has a control for every kind of field there is', async () => {
    const { user, step } = await renderBuilder({
      definition: everyKindDefinition,
      provider: { blocks: [...blocks, everyKind] },
    });
    await user.click(step('kind_a1b2'));
    const form = dialog('Ogni tipo di campo');
    const fields = describeForm(everyKind.input);
    expect(new Set(fields.map((field) => field.kind))).toEqual(new Set(Object.keys(roles)));
    for (const field of fields) {
      const isRight = roles[field.kind].split(' or ').includes(controlOf(form, field.label.it));
      expect([field.name, isRight]).toEqual([field.name, true]);
    }
  });

  it('stores what was entered in each kind of field with its type', async () => {
    const { user, step, node } = await renderBuilder({
      definition: everyKindDefinition,
      provider: { blocks: [...blocks, everyKind] },
    });
    await user.click(step('kind_a1b2'));
    const form = dialog('Ogni tipo di campo');
    await user.type(form.getByRole('textbox', { name: 'Titolo' }), 'Offerta');
    await user.type(form.getByRole('textbox', { name: 'Quantità' }), '3');
    await user.type(form.getByRole('textbox', { name: /^Importo/ }), '1.464,50');
    await user.type(form.getByLabelText(/^Giorno/), '2026-12-23');
    await user.click(form.getByRole('switch', { name: 'Urgente' }));
    await user.click(form.getByRole('radio', { name: 'Secondo' }));
    await user.selectOptions(form.getByRole('combobox', { name: 'Taglia' }), 'Xl');
    await user.type(form.getByRole('textbox', { name: 'Città' }), 'Torino');
    await user.click(form.getByRole('button', { name: 'Aggiungi: Righe' }));
    await user.type(form.getAllByRole('textbox', { name: 'Cosa' })[1] as HTMLElement, 'Trasferta');
    await user.click(form.getByRole('button', { name: 'Aggiungi: Etichette' }));
    await user.type(form.getByRole('textbox', { name: /^1/ }), 'nuovo');
    await user.click(form.getByRole('button', { name: 'Aggiungi: Intestazioni' }));
    await user.type(form.getByRole('textbox', { name: 'Nome 1' }), 'X-Id');
    await user.type(form.getByRole('textbox', { name: 'Valore 1' }), '7');
    await user.selectOptions(form.getByRole('combobox', { name: 'Attesa' }), 'Per un po’');
    await user.type(form.getByRole('textbox', { name: 'Minuti' }), '15');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(node('kind_a1b2').config).toEqual({
      title: 'Offerta',
      count: 3,
      amount: 1464.5,
      day: '2026-12-23',
      urgent: true,
      kind: 'b',
      size: 'xl',
      address: { city: 'Torino' },
      lines: [{ what: 'Consulenza', price: 1200 }, { what: 'Trasferta' }],
      tags: ['nuovo'],
      headers: { 'X-Id': '7' },
      wait: { for: 'duration', minutes: 15 },
    });
  });

  it('moves and removes items of a list without mixing their contents up', async () => {
    const [trigger, kind] = everyKindDefinition.nodes as [never, never];
    const definition = {
      ...everyKindDefinition,
      nodes: [
        trigger,
        { ...(kind as object), config: { lines: [{ what: 'a' }, { what: 'b' }, { what: 'c' }] } },
      ],
    } as unknown as WorkflowDefinition;
    const { user, step, node } = await renderBuilder({
      definition,
      provider: { blocks: [...blocks, everyKind] },
    });
    await user.click(step('kind_a1b2'));
    const form = dialog('Ogni tipo di campo');
    const shown = () => form.getAllByRole('textbox', { name: 'Cosa' }).map((box) => box.textContent);
    await user.click(form.getAllByRole('button', { name: 'Sposta giù' })[0] as HTMLElement);
    expect(shown()).toEqual(['b', 'a', 'c']);
    await user.click(form.getByRole('button', { name: 'Togli Righe 2' }));
    expect(shown()).toEqual(['b', 'c']);
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(node('kind_a1b2').config.lines).toEqual([{ what: 'b' }, { what: 'c' }]);
  });

  it('takes a value from a step in place of a typed one, and gives it back', async () => {
    const { user, step, node } = await renderBuilder({
      definition: everyKindDefinition,
      provider: { blocks: [...blocks, everyKind] },
    });
    await user.click(step('kind_a1b2'));
    const form = dialog('Ogni tipo di campo');
    await user.click(form.getByRole('button', { name: 'Dato di un passo: Quantità' }));
    await user.click(form.getByTitle('{{trigger.payload.document.title}}'));
    expect(form.getByText('Documento completato · Titolo')).toBeInTheDocument();
    await user.click(form.getByRole('button', { name: 'Dato di un passo: Quantità' }));
    await user.type(form.getByRole('textbox', { name: 'Quantità' }), '4');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(node('kind_a1b2').config.count).toBe(4);
  });

  it('offers no value from a step for a choice, but lets one that is already taken be given back', async () => {
    const { user, step, node, told } = await renderBuilder();
    await user.click(step('if_7kq2'));
    const name = 'Dato di un passo: Sì quando';
    expect(dialog('Oltre 1.000 €?').queryByRole('button', { name })).not.toBeInTheDocument();
    await user.keyboard('{Escape}');
    told((it) => {
      const definition = structuredClone(it.getDefinition());
      for (const found of definition.nodes)
        if (found.id === 'if_7kq2') found.config.match = '{{trigger.payload.document.title}}';
      it.setDefinition(definition);
    });
    await user.click(step('if_7kq2'));
    await user.click(dialog('Oltre 1.000 €?').getByRole('button', { name }));
    await user.click(dialog('Oltre 1.000 €?').getByRole('button', { name: 'Salva' }));
    expect(node('if_7kq2').config).not.toHaveProperty('match');
  });

  it('hides the right side of a comparison that has none', async () => {
    const { user, step, node } = await renderBuilder();
    await user.click(step('if_7kq2'));
    const form = dialog('Oltre 1.000 €?');
    expect(form.getByRole('textbox', { name: 'Valore 1' })).toHaveTextContent(
      'Documento completato · Importo',
    );
    expect(form.getByRole('textbox', { name: 'Con 1' })).toHaveTextContent('1000');
    await user.selectOptions(form.getByRole('combobox', { name: 'Confronto 1' }), 'è vuoto');
    expect(form.queryByRole('textbox', { name: 'Con 1' })).not.toBeInTheDocument();
    await user.click(form.getByRole('button', { name: /Aggiungi una condizione/ }));
    expect(form.getByRole('textbox', { name: 'Valore 2' })).toBeInTheDocument();
    await user.click(form.getByRole('button', { name: 'Togli la condizione 2' }));
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(node('if_7kq2').config.conditions).toEqual([
      { left: '{{trigger.payload.document.customFields.importo}}', op: 'is_empty', right: '1000' },
    ]);
  });

  it('says what is missing once the person has been there, and again when the step is opened later', async () => {
    const { user, told, step } = await renderBuilder();
    const id = told((it) => it.addNode('slack.send-message')) as string;
    const form = dialog('Invia messaggio');
    expect(form.queryByText('Manca «Messaggio».')).not.toBeInTheDocument();
    expect(form.getByText('2 cose da sistemare')).toBeInTheDocument();
    await user.click(form.getByRole('textbox', { name: 'Messaggio' }));
    await user.tab();
    expect(await form.findByText('Manca «Messaggio».')).toBeInTheDocument();
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(step(id)).toHaveTextContent('2 da sistemare');
    await user.click(step(id));
    expect(dialog('Invia messaggio').getByText('Manca «Canale».')).toBeInTheDocument();
  });

  it('saves what was typed even when it is not valid yet', async () => {
    const { user, step, node } = await renderBuilder({
      definition: everyKindDefinition,
      provider: { blocks: [...blocks, everyKind] },
    });
    await user.click(step('kind_a1b2'));
    await user.type(dialog('Ogni tipo di campo').getByRole('textbox', { name: 'Quantità' }), 'tre');
    expect(await screen.findByText('«Quantità» non va bene: deve essere un numero.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Salva' }));
    expect(node('kind_a1b2').config.count).toBe('tre');
  });

  it('keeps name, note, activation and what happens on failure', async () => {
    const { user, step, node } = await renderBuilder();
    await user.click(step('message_k2pd'));
    const form = within(screen.getByRole('dialog'));
    await user.clear(form.getByRole('textbox', { name: 'Nome del passo' }));
    await user.type(form.getByRole('textbox', { name: 'Nome del passo' }), 'Scrivi a Laura');
    await user.selectOptions(form.getByRole('combobox', { name: 'Se non riesce' }), 'Fino a 5 tentativi');
    await user.selectOptions(
      form.getByRole('combobox', { name: 'Attesa tra i tentativi' }),
      '1 min ogni volta',
    );
    await user.selectOptions(form.getByRole('combobox', { name: 'Poi' }), 'prendi l’uscita di errore');
    await user.type(form.getByRole('textbox', { name: 'Nota' }), 'Chiesto da Marco');
    await user.click(form.getByRole('switch', { name: 'Questo passo è attivo' }));
    await user.click(form.getByRole('button', { name: 'Salva' }));
    const { config } = branchesDefinition.nodes.find(({ id }) => id === 'message_k2pd') as { config: object };
    expect(node('message_k2pd')).toEqual({
      id: 'message_k2pd',
      type: 'slack.send-message',
      label: 'Scrivi a Laura',
      note: 'Chiesto da Marco',
      disabled: true,
      config,
      retry: { maxAttempts: 5, backoff: 'fixed', delayMs: 60_000, maxDelayMs: 60_000 },
      onError: 'branch',
    });
    expect(
      screen.getByRole('button', { name: 'Aggiungi un passo dopo «Scrivi a Laura», uscita «Errore»' }),
    ).toBeInTheDocument();
  });

  it('asks before typed text would be lost', async () => {
    const { user, builder, step } = await renderBuilder();
    await user.click(step('message_k2pd'));
    await user.type(
      dialog('Avvisa l’amministrazione').getByRole('textbox', { name: 'Messaggio' }),
      ' Presto!',
    );
    await user.keyboard('{Escape}');
    const question = within(screen.getByRole('alertdialog', { name: 'Chiudere senza salvare?' }));
    await user.click(question.getByRole('button', { name: 'Continua a modificare' }));
    expect(dialog('Avvisa l’amministrazione').getByRole('textbox', { name: 'Messaggio' })).toHaveTextContent(
      'Presto!',
    );
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Non salvare' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(builder().getDefinition()).toEqual(branchesDefinition);
  });

  it('lets the trigger be exchanged and keeps what was set for the other', async () => {
    const { user, step, node } = await renderBuilder();
    await user.click(step('trigger'));
    const choice = screen.getByRole('combobox', { name: 'Cosa avvia il flusso' });
    await user.selectOptions(choice, 'Avvio manuale · Flusso');
    expect(screen.getByRole('button', { name: 'Aggiungi: Dati chiesti all’avvio' })).toBeInTheDocument();
    await user.selectOptions(choice, 'Documento completato · Doc Manager');
    expect(screen.getByRole('textbox', { name: /^Solo con l’etichetta/ })).toHaveTextContent('contratto');
    await user.selectOptions(choice, 'Avvio manuale · Flusso');
    await user.click(screen.getByRole('button', { name: 'Salva' }));
    expect(node('trigger')).toEqual({ id: 'trigger', type: 'flow.manual', config: {} });
  });
});

describe('a list of remote choices', () => {
  const open = async (options: Parameters<typeof renderBuilder>[0] = {}) => {
    const view = await renderBuilder(options);
    await view.user.click(view.step('message_k2pd'));
    const channel = screen.getByRole('combobox', { name: 'Canale' });
    return { ...view, channel };
  };

  it('is searched by typing, walked with the arrows and chosen from with Enter', async () => {
    const { user, channel, node } = await open();
    await user.click(channel);
    await screen.findByRole('option', { name: '#amministrazione' });
    await user.type(channel, 'amministra');
    await waitFor(() => expect(screen.getAllByRole('option')[0]).toHaveTextContent('#amministrazione'));
    await user.keyboard('{Enter}');
    expect(channel).toHaveValue('#amministrazione');
    await user.click(screen.getByRole('button', { name: 'Salva' }));
    expect(node('message_k2pd').config.channel).not.toBe('#fatture');
  });

  it('shows more on demand', async () => {
    const { user, channel } = await open();
    await user.click(channel);
    const before = (await screen.findAllByRole('option')).length;
    await user.click(await screen.findByRole('button', { name: 'Mostra altri' }));
    await waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(before));
  });

  it('takes an id that is typed and not in the list', async () => {
    const { user, channel, node } = await open();
    await user.click(channel);
    await user.type(channel, 'C0999XYZ');
    await user.tab();
    await user.click(screen.getByRole('button', { name: 'Salva' }));
    expect(node('message_k2pd').config.channel).toBe('C0999XYZ');
  });

  it.each([
    ['it', 'Chi può decidere', 'Qualsiasi amministratore'],
    ['en', 'Who may decide', 'Any administrator'],
  ] as const)(
    'has items of its own in a list, named in the language of the reader (%s)',
    async (locale, list, role) => {
      const ask = {
        id: 'ask_1',
        type: 'flow.approval',
        config: { message: 'Ok?', approvers: ['user_laura'] },
      };
      const definition = {
        schemaVersion: 1 as const,
        nodes: [{ id: 'trigger', type: 'flow.manual', config: {} }, ask],
        edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'ask_1' }],
      };
      const { user, step, node } = await renderBuilder({ definition, locale });
      await user.click(step('ask_1'));
      const group = within(screen.getByRole('group', { name: new RegExp(`^${list}`) }));
      expect(await group.findByDisplayValue('Laura Bianchi')).toBeInTheDocument();
      await user.click(group.getByRole('button', { name: new RegExp(`(Aggiungi|Add).*${list}`) }));
      await user.click(group.getAllByRole('combobox')[1] as HTMLElement);
      await user.click(await screen.findByRole('option', { name: role }));
      expect(group.getAllByRole('combobox')[1]).toHaveValue(role);
      await user.click(screen.getByRole('button', { name: locale === 'it' ? 'Salva' : 'Save' }));
      expect(node('ask_1').config.approvers).toEqual(['user_laura', 'role:admin']);
    },
  );

  it('closes with Escape before the dialog does', async () => {
    const { user, channel } = await open();
    await user.click(channel);
    await screen.findByRole('option', { name: '#amministrazione' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
    expect(screen.getByRole('dialog', { name: 'Avvisa l’amministrazione' })).toBeInTheDocument();
  });

  it('says why it could not be loaded and loads again when asked', async () => {
    const { user, channel, client } = await open({
      failures: { listOptions: new Error('Slack risponde 503.') },
    });
    await user.click(channel);
    expect(await screen.findByText(/Slack risponde 503\./)).toBeInTheDocument();
    client.fake.fail('listOptions', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await screen.findByRole('option', { name: '#amministrazione' })).toBeInTheDocument();
  });
});
