import { docManagerServer } from '../../../src/blocks/doc-manager/provider.server';
import type { FileContent, Json, WorkflowDefinition } from '../../../src/core';
import {
  connectSlack,
  follow,
  publishWorkflow,
  startTestServer,
  type TestServer,
} from '../../support/server';
import { slackWith } from '../../support/slack-implementation';

export const pdf: FileContent = {
  filename: 'contratto rossi.pdf',
  contentType: 'application/pdf',
  bytes: new Uint8Array(Buffer.from('%PDF-1.7 \u0000\u00ff not text', 'latin1')),
};

/** A server with Slack connected, whose host has these files by document id. */
export async function startSlackServer(
  files: Record<string, FileContent> = { doc_1: pdf },
): Promise<TestServer> {
  const withFiles = {
    ...docManagerServer,
    openFile: async (_: unknown, id: string) => {
      const file = files[id];
      if (!file) throw new Error(`There is no file of ${id}.`);
      return file;
    },
  };
  // No test waits for a channel's turn: pacing has a test of its own, on a clock of its own.
  const unpaced = slackWith(() => ({ pace: async () => {} }));
  const others = unpaced.providerImplementations.filter(({ provider }) => provider.id !== 'doc-manager');
  const test = await startTestServer({ ...unpaced, providerImplementations: [withFiles, ...others] });
  await connectSlack(test);
  return test;
}

/** Runs a workflow until it ends, waits or needs a person. */
export async function runWorkflow(
  test: TestServer,
  definition: WorkflowDefinition,
  payload: Json = {},
  until = (status: string) => ['waiting', 'needs_attention'].includes(status),
) {
  const client = test.clientOf();
  const { id } = await publishWorkflow(client, definition);
  const { run } = await client.startRun({ params: { id }, body: { payload } });
  const detail = await follow(client, run.id, until);
  const step = (key: string) => {
    const found = detail.steps.find((candidate) => candidate.key === key);
    if (!found) throw new Error(`The run has no step ${key}.`);
    return found;
  };
  return { ...detail, step };
}

/** A channel of its own, so that no test waits for another's turn. */
export const newChannel = (test: TestServer, facts: { isMember?: boolean } = {}): string =>
  test.slack.addChannel({ name: `prova-${test.slack.channels.length}`, ...facts }).id;
