import * as z from 'zod';
import {
  emptyDefinition,
  type Json,
  parseDefinition,
  type RouteCalls,
  validateDefinition,
  type WorkflowDefinition,
  WorkflowError,
} from '../../src/core';
import {
  connectedProviders,
  type FakeState,
  findWorkflow,
  note,
  notFound,
  paginate,
  type StoredWorkflow,
} from './fake-state';

type WorkflowCalls = Pick<
  RouteCalls,
  | 'listBlocks'
  | 'listWorkflows'
  | 'createWorkflow'
  | 'getWorkflow'
  | 'updateWorkflow'
  | 'deleteWorkflow'
  | 'saveDraft'
  | 'publishWorkflow'
  | 'listVersions'
  | 'getVersion'
  | 'restoreVersion'
  | 'validateDefinition'
>;

export function workflowCalls(state: FakeState): WorkflowCalls {
  return {
    listBlocks: async () => ({ items: state.blockList.map((block) => describeBlock(state, block.type)) }),
    listWorkflows: async ({ query } = {}) => {
      const q = query?.q?.toLowerCase() ?? '';
      const found = [...state.workflows.values()].map(({ workflow }) => workflow);
      const matching = found.filter(({ name }) => name.toLowerCase().includes(q));
      return paginate(
        matching.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
        query,
      );
    },
    createWorkflow: async ({ body }) => {
      const id = state.nextId();
      const definition =
        body.definition === undefined ? emptyDefinition() : acceptDefinition(body.definition);
      const at = state.timestamp();
      const draft = { definition, revision: 1 };
      const times = { createdAt: at, updatedAt: at };
      const workflow = { id, name: body.name, enabled: true, draft, publishedVersion: null, ...times };
      state.workflows.set(id, { workflow, versions: [] });
      note(state, 'workflow.create', 'workflow', id);
      return structuredClone(workflow);
    },
    getWorkflow: async ({ params }) => structuredClone(findWorkflow(state, params.id).workflow),
    updateWorkflow: async ({ params, body }) => {
      const { workflow } = findWorkflow(state, params.id);
      return change(state, workflow, { ...(body as Partial<typeof workflow>) });
    },
    deleteWorkflow: async ({ params }) => {
      findWorkflow(state, params.id);
      state.workflows.delete(params.id);
      note(state, 'workflow.delete', 'workflow', params.id);
      return { id: params.id };
    },
    saveDraft: async ({ params, body }) => {
      const { workflow } = findWorkflow(state, params.id);
      checkRevision(workflow.draft, body.revision);
      return change(state, workflow, {
        draft: { definition: acceptDefinition(body.definition), revision: body.revision + 1 },
      });
    },
    publishWorkflow: async ({ params, body }) =>
      publish(state, findWorkflow(state, params.id), body.revision),
    listVersions: async ({ params, query }) => {
      const versions = findWorkflow(state, params.id).versions.map(
        ({ definition: _, ...summary }) => summary,
      );
      return paginate(versions.reverse(), query);
    },
    getVersion: async ({ params }) => structuredClone(findVersion(state, params)),
    restoreVersion: async ({ params, body }) => {
      const { workflow } = findWorkflow(state, params.id);
      const { definition } = findVersion(state, params);
      if (body.revision !== undefined) checkRevision(workflow.draft, body.revision);
      return change(state, workflow, { draft: { definition, revision: workflow.draft.revision + 1 } });
    },
    validateDefinition: async ({ body }) => ({ issues: validate(state, body.definition) }),
  };
}

function publish(state: FakeState, { workflow, versions }: StoredWorkflow, revision: number) {
  checkRevision(workflow.draft, revision);
  const issues = validate(state, workflow.draft.definition);
  if (issues.some((issue) => issue.severity === 'error')) {
    const message = 'The draft has errors, so it was not published. Correct them and publish again.';
    throw new WorkflowError('definition_invalid', message, { details: { issues } });
  }
  const version = versions.length + 1;
  const definition = structuredClone(workflow.draft.definition);
  versions.push({ version, definition, createdAt: state.timestamp(), createdBy: 'user_laura' });
  note(state, 'workflow.publish', 'workflow', workflow.id);
  return change(state, workflow, { publishedVersion: version });
}

function change<W extends StoredWorkflow['workflow']>(state: FakeState, workflow: W, next: Partial<W>): W {
  Object.assign(workflow, structuredClone(next), { updatedAt: state.timestamp() });
  return structuredClone(workflow);
}

function checkRevision(draft: { definition: WorkflowDefinition; revision: number }, revision: number): void {
  if (draft.revision === revision) return;
  const message =
    'Someone else saved this workflow in the meantime. Nothing was overwritten; the current draft is in the details.';
  throw new WorkflowError('revision_conflict', message, { details: { draft: structuredClone(draft) } });
}

/** As a save takes it. */
export function acceptDefinition(value: unknown): WorkflowDefinition {
  const parsed = parseDefinition(structuredClone(value));
  if ('definition' in parsed) return parsed.definition;
  const message = `${parsed.issues[0]?.message ?? 'The definition is malformed.'} Nothing was saved.`;
  throw new WorkflowError('definition_invalid', message, { details: { issues: parsed.issues } });
}

function validate(state: FakeState, definition: unknown) {
  const oauth = state.providers.filter((provider) => provider.auth.type === 'oauth2');
  return validateDefinition(definition, {
    blocks: state.blocks,
    connections: connectedProviders(state),
    providerLabels: new Map(oauth.map((provider) => [provider.id, provider.label.en])),
  });
}

function findVersion(state: FakeState, params: { id: string; version: string }) {
  const { versions } = findWorkflow(state, params.id);
  const version = versions.find((candidate) => String(candidate.version) === params.version);
  if (!version) throw notFound('version');
  return version;
}

function describeBlock(state: FakeState, type: string) {
  const block = state.blocks.get(type);
  if (!block) throw notFound('block');
  const toSchema = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  const isOAuth = state.providers.find((provider) => provider.id === block.provider)?.auth.type === 'oauth2';
  const { kind, version, provider, label, description, icon, handles } = block;
  return {
    ...{ type, kind, version, provider, label, description, icon },
    handles: [...handles],
    sideEffect: block.kind === 'action' ? block.sideEffect : null,
    input: toSchema(block.input),
    output: toSchema(block.output),
    sample: block.sample as Json,
    connection: isOAuth ? (state.integrations.get(provider)?.state ?? 'not_connected') : null,
  };
}
