import { act, screen, waitFor, within } from '@testing-library/react';
import { type Workflow, type WorkflowDefinition, WorkflowError } from '../../src/core';
import { branchesDefinition, startDefinition } from '../../stories/support/builder-samples';
import { renderBuilder } from './builder-page';

const unreachable = new WorkflowError(
  'unavailable',
  'The server could not be reached, so nothing was changed.',
);

const unfinished: WorkflowDefinition = {
  ...branchesDefinition,
  nodes: branchesDefinition.nodes.map((node) => (node.id === 'status_p9ws' ? { ...node, config: {} } : node)),
};

describe('saving the draft', () => {
  it('happens by itself after a pause, with the revision the change was made on', async () => {
    const saved: Workflow[] = [];
    const { told, stored, client } = await renderBuilder({
      props: { autosave: { delayMs: 0 }, onSave: (workflow) => saved.push(workflow) },
    });
    told((it) => it.addNode('flow.if'));
    expect(screen.getByText('Bozza · modifiche da salvare')).toBeInTheDocument();
    await waitFor(() => expect(stored()?.revision).toBe(2));
    expect(await screen.findByText(/^Bozza · salvata/)).toBeInTheDocument();
    expect(saved).toHaveLength(1);
    told((it) => it.undo());
    await waitFor(() => expect(stored()).toEqual({ definition: branchesDefinition, revision: 3 }));
    expect(client.fake.calls.filter((call) => call.route === 'saveDraft')).toHaveLength(2);
  });

  it('keeps what was changed when it fails, says why, and saves when asked again', async () => {
    const { user, told, builder, stored, client } = await renderBuilder({
      failures: { saveDraft: unreachable },
    });
    told((it) => it.addNode('flow.if'));
    await act(async () => expect(await builder().save()).toBe(false));
    expect(screen.getByRole('alert', { hidden: true })).toHaveTextContent(
      /Le tue modifiche sono ancora qui\..*could not be reached/,
    );
    expect(builder().getDefinition().nodes).toHaveLength(branchesDefinition.nodes.length + 1);
    expect(stored()?.definition).toEqual(branchesDefinition);
    client.fake.fail('saveDraft', null);
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Salva adesso' }));
    await waitFor(() => expect(stored()?.definition).toEqual(builder().getDefinition()));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('sends nothing when nothing changed', async () => {
    const { builder, client } = await renderBuilder();
    await act(async () => expect(await builder().save()).toBe(true));
    expect(client.fake.calls.map((call) => call.route)).not.toContain('saveDraft');
  });

  it('sends what is still open when the builder goes away', async () => {
    const { told, unmount, stored } = await renderBuilder({ props: { autosave: { delayMs: 60_000 } } });
    told((it) => it.addNode('flow.if'));
    unmount();
    await waitFor(() => expect(stored()?.revision).toBe(2));
  });
});

describe('two people at one draft', () => {
  const collide = async () => {
    const conflicts: unknown[] = [];
    const view = await renderBuilder({ props: { onConflict: (conflict) => conflicts.push(conflict) } });
    const theirs = {
      ...branchesDefinition,
      nodes: branchesDefinition.nodes.map((node) =>
        node.id === 'message_k2pd' ? { ...node, label: 'Scrivi a Marco' } : node,
      ),
    };
    await act(async () => {
      await view.client.saveDraft({ params: { id: 'workflow' }, body: { definition: theirs, revision: 1 } });
    });
    view.told((it) => it.addNode('flow.if'));
    await view.user.keyboard('{Escape}');
    const mine = view.builder().getDefinition();
    await act(async () => expect(await view.builder().save()).toBe(false));
    return { ...view, mine, theirs, conflicts };
  };

  it('are told what differs; keeping mine saves it over the other', async () => {
    const { user, mine, theirs, conflicts, stored } = await collide();
    const dialog = within(
      screen.getByRole('alertdialog', { name: 'Qualcun altro ha modificato questo flusso' }),
    );
    expect(dialog.getByText('Solo qui: Condizione')).toBeInTheDocument();
    expect(dialog.getByText('Diversi: Scrivi a Marco')).toBeInTheDocument();
    expect(conflicts).toEqual([{ mine, theirs: { definition: theirs, revision: 2 } }]);
    expect(stored()?.definition).toEqual(theirs);
    await user.click(dialog.getByRole('button', { name: 'Tieni la mia' }));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
  });

  it('keep mine: the next save goes through', async () => {
    const { user, mine, builder, stored } = await collide();
    await user.click(screen.getByRole('button', { name: 'Tieni la mia' }));
    await act(async () => expect(await builder().save()).toBe(true));
    expect(stored()).toEqual({ definition: mine, revision: 3 });
  });

  it('take theirs: it is shown, and undo brings mine back', async () => {
    const { user, mine, theirs, builder, told, stored } = await collide();
    await user.click(screen.getByRole('button', { name: 'Prendi l’altra' }));
    expect(builder().getDefinition()).toEqual(theirs);
    told((it) => it.undo());
    expect(builder().getDefinition()).toEqual(mine);
    await act(async () => expect(await builder().save()).toBe(true));
    expect(stored()).toEqual({ definition: mine, revision: 3 });
  });

  it('may decide later: nothing is sent meanwhile and the question comes back', async () => {
    const { user, mine, theirs, builder, stored } = await collide();
    await user.click(screen.getByRole('button', { name: 'Decidi dopo' }));
    await act(async () => expect(await builder().save()).toBe(false));
    expect(builder().getDefinition()).toEqual(mine);
    expect(stored()?.definition).toEqual(theirs);
    await user.click(screen.getByRole('button', { name: 'Bozza · non salvata' }));
    expect(await screen.findByRole('alertdialog')).toBeInTheDocument();
  });
});

describe('publishing', () => {
  it('saves first and shows the new version', async () => {
    const published: Workflow[] = [];
    const { user, told, stored, client } = await renderBuilder({
      props: { onPublish: (workflow) => published.push(workflow) },
    });
    told((it) =>
      it.setDefinition({
        ...branchesDefinition,
        nodes: branchesDefinition.nodes.map((node) => ({ ...node, note: 'x' })),
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Pubblica' }));
    expect(await screen.findByText('v5 attiva')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('La versione 5 è attiva.');
    expect(stored()?.revision).toBe(2);
    expect(client.fake.getWorkflow('workflow')?.versions.at(-1)?.definition).toEqual(stored()?.definition);
    expect(published.map((workflow) => workflow.publishedVersion)).toEqual([5]);
  });

  it('does not hide that the host has not set a provider up, which only the server knows', async () => {
    const { client, told, user } = await renderBuilder();
    const params = { label: 'Email ricevuta', provider: 'Email' };
    const warning = { severity: 'warning' as const, code: 'provider_not_configured', message: '', params };
    client.validateDefinition = async ({ body }) => ({
      issues: (body.definition as WorkflowDefinition).nodes
        .filter(({ type }) => type === 'resend.inbound-email')
        .map(({ id }) => ({ ...warning, nodeId: id })),
    });
    expect(screen.queryByText('1 avviso')).not.toBeInTheDocument();
    const [trigger, ...others] = branchesDefinition.nodes;
    const mail = { ...trigger, id: 'trigger', type: 'resend.inbound-email', config: {} };
    told((it) => it.setDefinition({ ...branchesDefinition, nodes: [mail, ...others] }));
    await told((it) => it.save());
    await user.click(await screen.findByRole('button', { name: /avvis/ }));
    expect(screen.getByRole('region', { name: 'Da sistemare' })).toHaveTextContent(
      'Lo sviluppatore di questa applicazione non ha ancora predisposto Email: «Email ricevuta» non potrà essere eseguito.',
    );
  });

  it('tells of an id its provider does not have as soon as the draft is saved, and no more once it is changed', async () => {
    const { client, told } = await renderBuilder();
    const slackId = branchesDefinition.nodes.find(({ type }) => type === 'slack.send-message')?.id as string;
    const withChannel = (channel: string) => ({
      ...branchesDefinition,
      nodes: branchesDefinition.nodes.map((node) =>
        node.id === slackId ? { ...node, config: { ...node.config, channel } } : node,
      ),
    });
    const params = { provider: 'Slack', value: 'C_GONE', field: 'Channel' };
    client.validateDefinition = async ({ body }) => ({
      issues: JSON.stringify(body.definition).includes('C_GONE')
        ? [
            {
              severity: 'warning',
              code: 'option_unknown',
              nodeId: slackId,
              path: 'channel',
              message: '',
              params,
            },
          ]
        : [],
    });
    told((it) => it.setDefinition(withChannel('C_GONE')));
    await told((it) => it.save());
    expect(await screen.findByRole('button', { name: '1 avviso' })).toBeInTheDocument();
    told((it) => it.setDefinition(withChannel('C1')));
    expect(screen.queryByRole('button', { name: '1 avviso' })).not.toBeInTheDocument();
  });

  it('is held back by errors, which it shows instead, with the way to them', async () => {
    const { user, client } = await renderBuilder({ definition: unfinished });
    const button = screen.getByRole('button', { name: 'Pubblica' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('title', expect.stringContaining('«Aggiorna stato»: manca «Documento».'));
    await user.click(button);
    const panel = within(screen.getByRole('region', { name: 'Da sistemare' }));
    expect(panel.getAllByRole('listitem')).toHaveLength(2);
    expect(panel.getByText('«Aggiorna stato»: manca «Documento».')).toBeInTheDocument();
    await user.click(panel.getAllByRole('button', { name: 'Vai al blocco' })[0] as HTMLElement);
    expect(
      within(screen.getByRole('dialog', { name: 'Aggiorna stato' })).getByText('Manca «Documento».'),
    ).toBeInTheDocument();
    expect(client.fake.calls.map((call) => call.route)).not.toContain('publishWorkflow');
  });

  it('closes the list of what is to be sorted out once nothing is', async () => {
    const { user, told } = await renderBuilder({ definition: unfinished });
    await user.click(screen.getByRole('button', { name: 'Pubblica' }));
    told((it) => it.setDefinition(branchesDefinition));
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Da sistemare' })).not.toBeInTheDocument(),
    );
  });

  it('is not held back by warnings', async () => {
    const { user } = await renderBuilder({ integrations: [] });
    expect(await screen.findByRole('button', { name: '2 avvisi' })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Pubblica' }));
    expect(await screen.findByText('v5 attiva')).toBeInTheDocument();
  });

  it('shows the issues only the server found, until the workflow changes', async () => {
    const refusal = new WorkflowError('definition_invalid', 'The workflow has errors.', {
      details: {
        issues: [
          {
            severity: 'error',
            code: 'unknown_block',
            nodeId: 'message_k2pd',
            message: '',
            params: { type: 'slack.send-message' },
          },
        ],
      },
    });
    const { user, told } = await renderBuilder({ failures: { publishWorkflow: refusal } });
    await user.click(screen.getByRole('button', { name: 'Pubblica' }));
    const panel = within(await screen.findByRole('region', { name: 'Da sistemare' }));
    expect(panel.getByText('Qui non esiste un blocco di tipo «slack.send-message».')).toBeInTheDocument();
    expect(screen.getByText('v4 attiva')).toBeInTheDocument();
    told((it) => it.setDefinition(structuredClone(branchesDefinition)));
    expect(panel.queryByText(/Qui non esiste un blocco/)).not.toBeInTheDocument();
  });

  it('says why when the server cannot be reached', async () => {
    const { user } = await renderBuilder({ failures: { publishWorkflow: unreachable } });
    await user.click(screen.getByRole('button', { name: 'Pubblica' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /Non è stato possibile pubblicare.*could not be reached/,
    );
  });
});

describe('the name of a workflow', () => {
  it('is saved when the field is left, and kept on the page when that fails', async () => {
    const { user, client } = await renderBuilder();
    const name = screen.getByRole('textbox', { name: 'Nome del flusso' });
    await user.clear(name);
    await user.type(name, 'Fattura rapida{Enter}');
    await waitFor(() => expect(client.fake.getWorkflow('workflow')?.workflow.name).toBe('Fattura rapida'));
    client.fake.fail('updateWorkflow', unreachable);
    await user.clear(name);
    await user.type(name, 'Altro nome{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Non è stato possibile salvare il nome');
    expect(name).toHaveValue('Altro nome');
  });
});

describe('running now', () => {
  it('asks for what a workflow started by hand needs, and hands it over with its types', async () => {
    const definition: WorkflowDefinition = {
      ...startDefinition,
      nodes: [
        {
          id: 'trigger',
          type: 'flow.manual',
          config: {
            fields: [
              { name: 'cliente', type: 'text', required: true },
              { name: 'importo', type: 'number' },
            ],
          },
        },
      ],
    };
    const { user, client } = await renderBuilder({ definition, workflow: { publishedVersion: null } });
    await user.click(screen.getByRole('button', { name: 'Esegui ora' }));
    await user.click(screen.getByRole('button', { name: 'Esegui' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Compila «cliente».');
    expect(screen.getByRole('textbox', { name: 'cliente' })).toHaveAccessibleDescription(
      'Compila «cliente».',
    );
    expect(screen.getByRole('textbox', { name: /^importo/ })).not.toHaveAttribute('aria-invalid');
    await user.type(screen.getByRole('textbox', { name: 'cliente' }), 'Rossi');
    expect(screen.queryByRole('alert')).toBeNull();
    await user.type(screen.getByRole('textbox', { name: /^importo/ }), '12,5');
    await user.click(screen.getByRole('button', { name: 'Esegui' }));
    expect(await screen.findByText('Riuscita')).toBeInTheDocument();
    expect(screen.getByText('L’esecuzione è arrivata in fondo.')).toBeInTheDocument();
    const start = client.fake.calls.find((call) => call.route === 'startRun')?.request;
    expect(start).toMatchObject({ body: { payload: { cliente: 'Rossi', importo: 12.5 }, version: 'draft' } });
  });

  it('offers the trigger’s example as JSON, checks it, and runs the published version', async () => {
    const { user, client } = await renderBuilder();
    await user.click(screen.getByRole('button', { name: 'Esegui ora' }));
    const payload = screen.getByRole('textbox', { name: 'Dati dell’evento' });
    expect(JSON.parse((payload as HTMLTextAreaElement).value)).toMatchObject({
      document: { title: 'Contratto Rossi' },
    });
    await user.clear(payload);
    await user.type(payload, '{{"document": 1');
    await user.click(screen.getByRole('button', { name: 'Esegui' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Questo non è JSON valido');
    await user.type(payload, '}');
    await user.click(screen.getByRole('button', { name: 'Esegui' }));
    expect(screen.getByRole('alert')).toHaveTextContent('«document» non è come lo aspetta l’avvio');
    await user.clear(payload);
    await user.type(payload, '{{"document":{{"id":"d","title":"T","status":"completed"}}');
    await user.click(screen.getByRole('button', { name: 'Esegui' }));
    expect(await within(screen.getByRole('dialog')).findByText(/Non riuscita/)).toBeVisible();
    const start = client.fake.calls.find((call) => call.route === 'startRun')?.request;
    expect(start).toMatchObject({ body: { version: 'published' } });
  });
});
