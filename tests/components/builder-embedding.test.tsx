import { render, screen, waitFor } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { useState } from 'react';
import { renderToString } from 'react-dom/server';
import type { EditEvent } from '../../src/components/builder/edit-operations';
import { messages } from '../../src/components/shared/messages';
import { WorkflowProvider } from '../../src/components/shared/provider';
import { WorkflowBuilder } from '../../src/components/workflow-builder';
import { WorkflowEditor } from '../../src/components/workflow-editor';
import { issueTexts, type WorkflowDefinition, WorkflowError } from '../../src/core';
import { branchesDefinition, startDefinition } from '../../stories/support/builder-samples';
import { createFakeClient } from '../../stories/support/fake-client';
import { renderBuilder } from './builder-page';
import { renderTrama } from './support';

expect.extend(toHaveNoViolations);

function Host({
  events,
  initial = branchesDefinition,
}: {
  events: EditEvent[];
  initial?: WorkflowDefinition;
}) {
  const [value, setValue] = useState(initial);
  return (
    <WorkflowEditor
      value={value}
      onChange={(next, event) => {
        events.push(event);
        setValue(next);
      }}
    />
  );
}

function OwnBar({ name }: { name: string }) {
  return <h2>Il mio {name}</h2>;
}

describe('the controlled editor', () => {
  it('tells its host every change as one intent and never calls the network', async () => {
    const events: EditEvent[] = [];
    const { user, client } = renderTrama(<Host events={events} />);
    await user.click(screen.getByRole('button', { name: 'Azioni per «Avvisa l’amministrazione»' }));
    await user.click(screen.getByRole('menuitem', { name: 'Disattiva' }));
    await user.click(screen.getByRole('button', { name: 'Azioni per «Avvisa l’amministrazione»' }));
    await user.click(screen.getByRole('menuitem', { name: 'Elimina' }));
    await user.keyboard('{Control>}z{/Control}');
    expect(events).toEqual([
      { type: 'disable', nodeId: 'message_k2pd' },
      { type: 'remove', nodeId: 'message_k2pd' },
      { type: 'undo' },
    ]);
    expect(client.fake.calls).toEqual([]);
  });

  it('stores where a step is dragged to, as one change, and a press that moves nothing only opens it', async () => {
    const events: EditEvent[] = [];
    const { user } = renderTrama(<Host events={events} />);
    const card = document.querySelector('[data-node-id="message_k2pd"]') as HTMLElement;
    await user.pointer([
      { keys: '[MouseLeft>]', target: card, coords: { clientX: 100, clientY: 100 } },
      { target: card, coords: { clientX: 130, clientY: 100 } },
      { target: card, coords: { clientX: 180, clientY: 140 } },
      { keys: '[/MouseLeft]', target: card, coords: { clientX: 180, clientY: 140 } },
    ]);
    expect(events).toEqual([{ type: 'move', nodeId: 'message_k2pd' }]);
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await user.click(card);
    expect(screen.getByRole('dialog')).toBeInTheDocument();
    expect(events).toHaveLength(1);
  });

  it('shows steps, dialogs and issues but changes nothing when it is read only', async () => {
    const onChange = jest.fn();
    const { user, baseElement } = renderTrama(
      <WorkflowEditor value={branchesDefinition} onChange={onChange} readOnly />,
    );
    expect(screen.queryByRole('button', { name: /^Aggiungi/ })).not.toBeInTheDocument();
    expect(screen.queryByRole('navigation')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: /^Avvisa l’amministrazione/ }));
    expect(screen.queryByRole('button', { name: 'Salva' })).not.toBeInTheDocument();
    expect(await axe(baseElement)).toHaveNoViolations();
    await user.keyboard('{Escape}{Delete}');
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the handle', () => {
  it('exports what it imports, and refuses what is no workflow without a change', async () => {
    const { builder, told } = await renderBuilder({ definition: startDefinition });
    told((it) => it.importJson(JSON.stringify(branchesDefinition)));
    expect(JSON.parse(builder().exportJson())).toEqual(branchesDefinition);
    expect(() => builder().importJson('{"nodes": 1}')).toThrow(WorkflowError);
    expect(() => builder().importJson('not json')).toThrow(/not JSON/);
    expect(builder().getDefinition()).toEqual(branchesDefinition);
    expect(told((it) => it.addNode('no.such-block'))).toBeNull();
    expect(builder().validate()).toEqual([]);
  });

  it('sees a change in the same turn it was made', async () => {
    const { told, builder } = await renderBuilder({ definition: startDefinition });
    const count = told((it) => {
      it.addNode('flow.if');
      it.addNode('flow.loop');
      return it.getDefinition().nodes.length;
    });
    expect(count).toBe(3);
    expect(builder().getDefinition().edges).toHaveLength(2);
  });
});

describe('the builder in its host', () => {
  it('tells the host its issues, at the start and when they change', async () => {
    const seen: number[] = [];
    const { told } = await renderBuilder({ props: { onIssuesChange: (issues) => seen.push(issues.length) } });
    told((it) => it.addNode('slack.send-message'));
    await waitFor(() => expect(seen.at(-1)).toBe(2));
    expect(seen[0]).toBe(0);
  });

  it('leaves its toolbar out, or draws the host’s, when told to', async () => {
    renderTrama(<WorkflowEditor value={startDefinition} />);
    const client = createFakeClient();
    const workflow = await client.createWorkflow({ body: { name: 'Prova' } });
    const { container } = render(
      <WorkflowProvider client={client}>
        <WorkflowBuilder workflowId={workflow.id} components={{ Toolbar: OwnBar }} />
      </WorkflowProvider>,
    );
    expect(await screen.findByRole('heading', { name: 'Il mio Prova' })).toBeInTheDocument();
    expect(container.querySelector('.trama-bar')).toBeNull();
  });

  it('says so and loads again when its workflow cannot be loaded', async () => {
    const failures = { getWorkflow: new WorkflowError('not_found', 'There is no such workflow.') };
    const { user, client } = renderTrama(<WorkflowBuilder workflowId="missing" />, { failures });
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no such workflow.');
    client.fake.fail('getWorkflow', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(client.fake.calls.filter((call) => call.route === 'getWorkflow')).toHaveLength(2);
  });

  it('draws its skeleton on a server', () => {
    const html = renderToString(
      <WorkflowProvider client={createFakeClient()} locale="en" colorMode="dark">
        <WorkflowBuilder workflowId="any" />
      </WorkflowProvider>,
    );
    expect(html).toContain('aria-label="Workflow builder"');
    expect(html).toContain('data-trama-theme="dark"');
  });

  it('takes the host’s words in place of its own', async () => {
    const provider = { messages: { 'builder.runNow': 'Prova il flusso' } };
    await renderBuilder({ provider });
    expect(screen.getByRole('button', { name: 'Prova il flusso' })).toBeInTheDocument();
  });

  it('names both ends when it is used without a provider', () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<WorkflowBuilder workflowId="any" />)).toThrow(/outside <WorkflowProvider>/);
    error.mockRestore();
  });
});

describe('the words of the kit', () => {
  it('are the same keys in both languages, none empty, with the same placeholders', () => {
    const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const [key, text] of Object.entries(messages.en)) {
      const other = messages.it[key as keyof typeof messages.it];
      expect([key, other.trim() !== '', placeholders(other)]).toEqual([key, true, placeholders(text)]);
    }
    expect(Object.keys(messages.it).sort()).toEqual(Object.keys(messages.en).sort());
  });

  it('cover every issue with the facts it has', () => {
    const placeholders = (text: string) =>
      new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string));
    for (const [code, text] of Object.entries(issueTexts)) {
      const own = placeholders(messages.it[`issue.${code}` as keyof typeof messages.it]);
      expect([code, [...own].filter((name) => !placeholders(text).has(name))]).toEqual([code, []]);
    }
  });
});
