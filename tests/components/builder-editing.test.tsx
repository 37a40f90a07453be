import { screen, waitFor, within } from '@testing-library/react';
import { branchesDefinition, startDefinition } from '../../stories/support/builder-samples';
import { sampleIntegration } from '../../stories/support/samples';
import { dialog, renderBuilder, shapeOf } from './builder-page';
import { now } from './support';

const between = (source: string, target: string) =>
  screen.getByRole('button', { name: `Aggiungi un passo tra «${source}» e «${target}»` });

describe('adding steps', () => {
  it('puts a block between two steps from the "+" on their connection, found by typing and Enter', async () => {
    const { user, builder } = await renderBuilder();
    const before = builder().getDefinition();
    await user.click(between('Documento completato', 'Oltre 1.000 €?'));
    const menu = screen.getByRole('dialog', { name: 'Aggiungi un passo' });
    expect(within(menu).getByRole('combobox')).toHaveFocus();
    await user.keyboard('messaggio{Enter}');
    const after = shapeOf(builder().getDefinition());
    expect(after.ways).toContain('trigger.next → slack.send-message');
    expect(after.ways).toContain('slack.send-message.next → if_7kq2');
    expect(after.ways).not.toContain('trigger.next → if_7kq2');
    expect(after.ways).toHaveLength(before.edges.length + 1);
    expect(screen.getByRole('dialog', { name: 'Invia messaggio' })).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('«Invia messaggio» aggiunto.');
  });

  it('offers first what bears the typed words in its name, whatever provider it is of', async () => {
    const { user } = await renderBuilder();
    await user.click(between('Documento completato', 'Oltre 1.000 €?'));
    await user.keyboard('invia email');
    const names = screen.getAllByRole('option').map((option) => option.textContent);
    expect(names[0]).toMatch(/^✉?Invia email/);
    expect(names.some((name) => name?.includes('Invia PDF fattura'))).toBe(true);
  });

  it('adds the block pressed in the palette behind the last step when nothing is selected', async () => {
    const { user, builder } = await renderBuilder();
    await user.click(
      within(screen.getByRole('navigation', { name: 'Blocchi' })).getByRole('button', { name: 'Condizione' }),
    );
    expect(shapeOf(builder().getDefinition()).ways.at(-1)).toBe('status_p9ws.next → flow.if');
  });

  it('adds it behind the selected step otherwise', async () => {
    const { user, builder, told } = await renderBuilder();
    told((it) => it.selectNode('message_k2pd'));
    await user.click(await screen.findByRole('button', { name: 'Aggiorna stato' }));
    expect(shapeOf(builder().getDefinition()).ways).toEqual(
      expect.arrayContaining([
        'message_k2pd.next → doc-manager.update-status',
        'doc-manager.update-status.next → status_p9ws',
      ]),
    );
  });

  it('walks the offered blocks with the arrows and leaves with Escape, the focus back on the "+"', async () => {
    const { user, builder } = await renderBuilder();
    const plus = between('Documento completato', 'Oltre 1.000 €?');
    await user.click(plus);
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('option', { selected: true })).toHaveTextContent('Per ogni elemento');
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(screen.getByRole('option', { selected: true })).toBe(screen.getAllByRole('option').at(-1));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(plus).toHaveFocus();
    expect(builder().getDefinition()).toEqual(branchesDefinition);
  });

  it('takes the focus into a menu that is not hidden, for browsers refuse it to what is', async () => {
    const { user } = await renderBuilder();
    const seen: string[] = [];
    const note = ({ target }: FocusEvent) => {
      const menu = (target as Element).closest('.trama-popover');
      if (menu) seen.push(getComputedStyle(menu).visibility);
    };
    document.addEventListener('focusin', note);
    await user.click(between('Documento completato', 'Oltre 1.000 €?'));
    expect(screen.getByRole('combobox', { name: 'Cerca un blocco…' })).toHaveFocus();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Azioni per «Oltre 1.000 €?»' }));
    expect(screen.getByRole('menuitem', { name: 'Configura' })).toHaveFocus();
    document.removeEventListener('focusin', note);
    expect(seen).toEqual(['visible', 'visible']);
  });

  it('names connections by their steps and exits, never by ids', async () => {
    await renderBuilder();
    const names = [...document.querySelectorAll('.react-flow__edge:not([aria-hidden])')].map((edge) =>
      edge.getAttribute('aria-label'),
    );
    expect(names).toContain('da «Documento completato» a «Oltre 1.000 €?»');
    expect(names).toContainEqual(expect.stringMatching(/^da «Oltre 1\.000 €\?», uscita «Sì», a «/));
    expect(names.join()).not.toMatch(/if_7kq2|Edge from/);
  });

  it('starts a condition with one row to fill in', async () => {
    const { user, builder, step } = await renderBuilder({ definition: startDefinition });
    await user.click(screen.getByRole('button', { name: 'Aggiungi il primo passo' }));
    await user.keyboard('condizione{Enter}');
    const added = builder().getDefinition().nodes[1];
    expect(added).toMatchObject({ type: 'flow.if', config: { conditions: [{ op: 'eq' }] } });
    expect(step(added?.id ?? '')).toHaveTextContent('Da configurare');
    expect(dialog('Condizione').getByRole('textbox', { name: 'Valore 1' })).toBeInTheDocument();
  });

  it('continues at a step already there from an open exit, and so joins two ways', async () => {
    const definition = {
      ...branchesDefinition,
      edges: branchesDefinition.edges.filter((edge) => edge.id !== 'e7'),
    };
    const { user, builder } = await renderBuilder({ definition });
    await user.click(
      screen.getByRole('button', { name: 'Aggiungi un passo dopo «Avvisa l’amministrazione»' }),
    );
    await user.click(screen.getByRole('option', { name: /^Aggiorna stato$/, selected: false }));
    expect(shapeOf(builder().getDefinition()).ways).toContain('message_k2pd.next → status_p9ws');
  });

  it('offers no way that would make a circle or leave a loop', async () => {
    const { user } = await renderBuilder();
    await user.click(screen.getByRole('button', { name: 'Aggiungi un passo dopo «Scrivi al referente»' }));
    expect(screen.queryByText('Prosegui da un passo esistente')).not.toBeInTheDocument();
  });
});

describe('removing steps', () => {
  it('closes the gap, and undo brings the very same workflow back', async () => {
    const { user, builder } = await renderBuilder();
    await user.click(screen.getByRole('button', { name: 'Azioni per «Avvisa l’amministrazione»' }));
    await user.click(screen.getByRole('menuitem', { name: 'Elimina' }));
    expect(shapeOf(builder().getDefinition()).ways).toContain('if_7kq2.false → status_p9ws');
    await user.click(screen.getByRole('button', { name: 'Annulla modifica' }));
    expect(builder().getDefinition()).toEqual(branchesDefinition);
    await user.click(screen.getByRole('button', { name: 'Ripeti modifica' }));
    expect(
      builder()
        .getDefinition()
        .nodes.map((node) => node.id),
    ).not.toContain('message_k2pd');
  });

  it('happens with Delete on the focused step, never while typing, and never to the trigger', async () => {
    const { user, builder, step, told } = await renderBuilder();
    screen.getByRole('searchbox', { name: 'Cerca un blocco…' }).focus();
    told((it) => it.selectNode(null));
    await user.type(screen.getByRole('searchbox', { name: 'Cerca un blocco…' }), 'abc{Delete}{Backspace}');
    step('trigger').focus();
    await user.keyboard('{Delete}');
    expect(builder().getDefinition()).toEqual(branchesDefinition);
    step('message_k2pd').focus();
    await user.keyboard('{Delete}');
    expect(
      builder()
        .getDefinition()
        .nodes.map((node) => node.id),
    ).not.toContain('message_k2pd');
    expect(screen.getByRole('status')).toHaveTextContent('«Avvisa l’amministrazione» eliminato.');
  });

  it('takes a connection away from its own menu and leaves both steps', async () => {
    const { user, builder } = await renderBuilder();
    await user.click(between('Avvisa l’amministrazione', 'Aggiorna stato'));
    await user.click(screen.getByRole('button', { name: 'Togli questo collegamento' }));
    expect(
      builder()
        .getDefinition()
        .edges.map((edge) => edge.id),
    ).not.toContain('e7');
    expect(builder().getDefinition().nodes).toEqual(branchesDefinition.nodes);
  });
});

describe('a step', () => {
  it('opens with Enter, and the focus comes back to it', async () => {
    const { user, step } = await renderBuilder();
    step('message_k2pd').focus();
    await user.keyboard('{Enter}');
    expect(dialog('Avvisa l’amministrazione').getByText('Slack · Invia messaggio')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(step('message_k2pd')).toHaveFocus());
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('is duplicated behind itself with its settings', async () => {
    const { user, builder, node } = await renderBuilder();
    await user.click(screen.getByRole('button', { name: 'Azioni per «Avvisa l’amministrazione»' }));
    await user.click(screen.getByRole('menuitem', { name: 'Duplica' }));
    const copy = builder().getDefinition().nodes.at(-1);
    expect(copy).toEqual({ ...node('message_k2pd'), id: copy?.id });
    expect(shapeOf(builder().getDefinition()).ways).toEqual(
      expect.arrayContaining([
        'message_k2pd.next → slack.send-message',
        'slack.send-message.next → status_p9ws',
      ]),
    );
  });

  it('is switched off and on from its menu and says so on its card', async () => {
    const { user, node, step } = await renderBuilder();
    await user.click(screen.getByRole('button', { name: 'Azioni per «Avvisa l’amministrazione»' }));
    await user.click(screen.getByRole('menuitem', { name: 'Disattiva' }));
    expect(node('message_k2pd').disabled).toBe(true);
    expect(step('message_k2pd')).toHaveTextContent('Disattivato');
  });

  it('shows its settings in one line, values of other steps as chips with the step’s current name', async () => {
    const { step } = await renderBuilder();
    expect(step('if_7kq2')).toHaveTextContent('Oltre 1.000 €?Documento completato · Importo > 1000');
    expect(step('trigger')).toHaveTextContent('Documento completatoEtichetta: contratto');
  });
});

describe('undo and redo', () => {
  it('work with the keyboard, one entry for each intent', async () => {
    const { user, builder, step, told } = await renderBuilder();
    told((it) => it.addNode('flow.if'));
    await user.keyboard('{Escape}');
    told((it) => it.addNode('flow.loop'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    step('trigger').focus();
    await user.keyboard('{Control>}z{/Control}');
    expect(builder().getDefinition().nodes).toHaveLength(branchesDefinition.nodes.length + 1);
    await user.keyboard('{Control>}z{/Control}');
    expect(builder().getDefinition()).toEqual(branchesDefinition);
    await user.keyboard('{Control>}y{/Control}');
    expect(builder().getDefinition().nodes).toHaveLength(branchesDefinition.nodes.length + 1);
  });

  it('bring positions back that "Tidy up" dropped', async () => {
    const moved = {
      ...branchesDefinition,
      nodes: branchesDefinition.nodes.map((node) =>
        node.id === 'message_k2pd' ? { ...node, position: { x: 500, y: 300 } } : node,
      ),
    };
    const { user, builder, node, told } = await renderBuilder({ definition: moved });
    await user.click(screen.getByRole('button', { name: 'Riordina' }));
    expect(node('message_k2pd').position).toBeUndefined();
    told((it) => it.undo());
    expect(builder().getDefinition()).toEqual(moved);
  });
});

describe('the palette', () => {
  it('searches without accents and case, and says when nothing matches', async () => {
    const { user } = await renderBuilder();
    const palette = within(screen.getByRole('navigation', { name: 'Blocchi' }));
    const search = palette.getByRole('searchbox');
    await user.type(search, 'PER OGNI');
    expect(palette.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Per ogni elemento']);
    await user.clear(search);
    await user.type(search, 'zzz');
    expect(palette.getByText('Nessun blocco per «zzz».')).toBeInTheDocument();
  });

  it('offers to connect a provider that is not connected, and asks the server in the click', async () => {
    const opened: string[] = [];
    jest.spyOn(window, 'open').mockImplementation((url) => {
      opened.push(String(url));
      return null;
    });
    const { user } = await renderBuilder({ integrations: [] });
    await user.click(await screen.findByRole('button', { name: 'Collega Slack' }));
    expect(opened).toHaveLength(1);
    expect(
      await screen.findByText(/Il browser ha bloccato la finestra/, { selector: '.trama-toast' }),
    ).toBeInTheDocument();
  });

  it('says so without an offer to somebody who may not connect it', async () => {
    await renderBuilder({ integrations: [], canManage: false });
    const palette = screen.getByRole('navigation', { name: 'Blocchi' });
    expect((await within(palette).findAllByText('Non collegato')).length).toBeGreaterThan(0);
    expect(within(palette).queryByRole('button', { name: /^Collega/ })).toBeNull();
  });

  it('asks for the account that is still to be chosen, in place of a new consent', async () => {
    const open = jest.spyOn(window, 'open');
    const accounts = [
      { id: '1', label: 'Uno' },
      { id: '2', label: 'Due' },
    ];
    const unchosen = sampleIntegration(now.getTime(), { state: 'needs_account', account: null, accounts });
    const { user } = await renderBuilder({ integrations: [unchosen] });
    await user.click(await screen.findByRole('button', { name: 'Collega Slack' }));
    const dialog = await screen.findByRole('dialog', { name: 'Slack è collegato.' });
    await user.click(within(dialog).getByRole('radio', { name: 'Due' }));
    await user.click(within(dialog).getByRole('button', { name: 'Usa «Due»' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Collega Slack' })).toBeNull());
    expect(open).not.toHaveBeenCalled();
  });
});
