import { createHash } from 'node:crypto';
import type { Json, StepFailure } from '../../../src/core';
import { fileRef } from '../../../src/core';
import type { Fault } from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import { connectSlack, follow, type TestServer } from '../../support/server';
import { newChannel, pdf, runWorkflow, startSlackServer } from './slack-server';

let test: TestServer;
beforeAll(async () => {
  test = await startSlackServer({ doc_1: pdf, doc_empty: { ...pdf, bytes: new Uint8Array() } });
});
afterAll(() => test.close());
afterEach(() => test.slack.clearFaults());

const muchLater = { maxAttempts: 2, backoff: 'fixed', delayMs: 3_600_000, maxDelayMs: 3_600_000 } as const;
const uploading = (config: Record<string, Json>) =>
  definition([node('share', 'slack.upload-file', { config, retry: muchLater })], ['trigger -> share']);
const said = (channel: string) => test.slack.messages.filter(({ channelId }) => channelId === channel);

describe('a file', () => {
  it('is shared byte for byte, under its name, with a message whose values are escaped', async () => {
    const channel = newChannel(test, { isMember: true });
    const { run, step } = await runWorkflow(
      test,
      uploading({ channel, file: 'doc_1', comment: '*Firmato* {{trigger.payload.nome}}' }),
      { nome: '<!here>' },
    );
    const file = test.slack.files.at(-1);
    expect(run.status).toBe('succeeded');
    expect(step('share').output).toEqual({
      channel,
      fileId: file?.id,
      filename: 'contratto rossi.pdf',
      permalink: expect.stringContaining('https://t0sandbox.slack.example/files/'),
    });
    expect(file).toMatchObject({
      filename: 'contratto rossi.pdf',
      title: 'contratto rossi.pdf',
      sha256: createHash('sha256').update(pdf.bytes).digest('hex'),
      channelId: channel,
    });
    expect(said(channel)).toMatchObject([{ text: '*Firmato* &lt;!here&gt;', fileIds: [file?.id] }]);
  });

  it('of an earlier step goes under a title of its own, into a thread, by the channel’s name', async () => {
    const channel = newChannel(test, { isMember: true });
    const name = test.slack.channels.find(({ id }) => id === channel)?.name;
    const file = fileRef({
      provider: 'doc-manager',
      id: 'doc_1',
      filename: 'x.pdf',
      contentType: 'application/pdf',
    });
    const flow = definition(
      [
        node('say', 'slack.send-message', { config: { channel, text: 'Ecco' } }),
        node('share', 'slack.upload-file', {
          config: {
            channel: `#${name}`,
            file: '{{trigger.payload.file}}',
            title: 'Contratto {{trigger.payload.nome}}',
            threadTs: '{{step.say.output.ts}}',
          },
        }),
      ],
      ['trigger -> say', 'say -> share'],
    );
    const { run } = await runWorkflow(test, flow, { file, nome: 'Rossi & Figli' });
    expect(run.status).toBe('succeeded');
    expect(test.slack.files.at(-1)).toMatchObject({
      title: 'Contratto Rossi & Figli',
      channelId: channel,
      threadTs: said(channel)[0]?.ts,
    });
  });

  it.each<[string, Record<string, Json>, Partial<StepFailure>]>([
    ['that is empty', { file: 'doc_empty' }, { code: 'file_empty', path: 'file' }],
    [
      'in a channel that is not there',
      { channel: '#nessuno' },
      { code: 'channel_not_found', path: 'channel' },
    ],
    ['in a channel Slack does not know', { channel: 'C0NOWHERE' }, { code: 'channel_not_found' }],
    ['where the app was not invited', {}, { code: 'not_in_channel' }],
  ])('%s is not shared, and the step says why', async (_, config, failure) => {
    const channel = newChannel(test);
    const { run } = await runWorkflow(test, uploading({ channel, file: 'doc_1', ...config }));
    expect(run).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', actor: 'customer', ...failure },
    });
    expect(said(channel)).toEqual([]);
  });
});

/** What goes wrong on the way, in which of the three calls, and what the engine makes of it. */
const failures: [string, string, Fault, Partial<StepFailure>][] = [
  ['the address never came', 'files.getUploadURLExternal', 'reset', { kind: 'retry' }],
  [
    'files are not allowed',
    'files.getUploadURLExternal',
    { error: 'file_uploads_disabled' },
    { kind: 'terminal' },
  ],
  [
    'the kind is not allowed',
    'files.getUploadURLExternal',
    { error: 'file_type_not_allowed' },
    { kind: 'terminal' },
  ],
  [
    'there is no room',
    'files.getUploadURLExternal',
    { error: 'storage_limit_reached' },
    { kind: 'terminal' },
  ],
  ['the bytes were lost', 'upload', 'reset', { kind: 'retry' }],
  ['the bytes arrived and the answer was lost', 'upload', 'answer-lost', { kind: 'retry' }],
  ['the upload failed inside', 'upload', { status: 500 }, { kind: 'retry', providerStatus: 500 }],
  ['the upload has to wait', 'upload', { status: 429, retryAfter: 3 }, { kind: 'retry', retryAfterMs: 3000 }],
  ['sharing failed inside', 'files.completeUploadExternal', { error: 'fatal_error' }, { kind: 'uncertain' }],
  ['sharing has to wait', 'files.completeUploadExternal', { error: 'ratelimited' }, { kind: 'retry' }],
  ['the answer to sharing was lost', 'files.completeUploadExternal', 'answer-lost', { kind: 'uncertain' }],
];

describe('a file that cannot be shared because', () => {
  const statusOf = {
    terminal: 'failed',
    reconnect: 'failed',
    retry: 'waiting',
    uncertain: 'needs_attention',
  };

  it.each(failures)('%s', async (_, method, fault, expected) => {
    const channel = newChannel(test, { isMember: true });
    test.slack.failNext(method, fault);
    const { run, step } = await runWorkflow(test, uploading({ channel, file: 'doc_1' }));
    expect(run.status).toBe(statusOf[expected.kind ?? 'terminal']);
    expect(step('share').error).toMatchObject(expected);
    const isShared = method === 'files.completeUploadExternal' && fault === 'answer-lost';
    expect(said(channel)).toHaveLength(isShared ? 1 : 0);
  });

  it('the connection lacks the permission waits for it, by its name', async () => {
    const channel = newChannel(test, { isMember: true });
    test.slack.failNext('files.getUploadURLExternal', { error: 'missing_scope', needed: 'files:write' });
    const { run, step } = await runWorkflow(test, uploading({ channel, file: 'doc_1' }));
    expect(run.status).toBe('waiting');
    expect(step('share').error).toMatchObject({ kind: 'reconnect', code: 'missing_scope' });
    expect(step('share').error?.message).toContain('"files:write"');
    await connectSlack(test);
    expect((await follow(test.clientOf(), run.id)).run.status).toBe('succeeded');
    expect(said(channel)).toHaveLength(1);
  });
});
