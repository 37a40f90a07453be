import { createHash } from 'node:crypto';
import express from 'express';
import { createFakeSlack } from 'trama/testing';
import { clientOf, failureOf, origin, refusalOf, slack, start, use } from './slack-harness';

afterEach(() => slack.close());

const pdf = Buffer.from('%PDF-1.7 \u0000\u0001 not text', 'latin1');
const sha256 = createHash('sha256').update(pdf).digest('hex');
const channelId = (name: string) => slack.channels.find((channel) => channel.name === name)?.id ?? '';
const upload = (words: Record<string, string> = {}, token = slack.issueToken()) =>
  clientOf(token).filesUploadV2({
    channel_id: channelId('fatture'),
    file: pdf,
    filename: 'contratto.pdf',
    ...words,
  } as never);

describe('files of the fake Slack', () => {
  it('takes the SDK’s three calls, keeps the bytes, and shows the file with its message', async () => {
    await start();
    const answer = await upload({ title: 'Contratto', initial_comment: 'ecco' });
    const [file] = slack.files;
    expect(answer.files[0]?.files?.[0]).toMatchObject({
      id: file?.id,
      title: 'Contratto',
      permalink: `https://t0sandbox.slack.example/files/${file?.id}/contratto.pdf`,
    });
    expect(file).toMatchObject({ size: pdf.length, sha256, channelId: channelId('fatture'), threadTs: null });
    expect(Buffer.from(slack.bytesOf(file?.id ?? '') ?? [])).toEqual(pdf);
    expect(slack.messages).toMatchObject([{ text: 'ecco', fileIds: [file?.id] }]);
    expect(slack.calls.map(({ method, result }) => [method, result?.ok])).toEqual([
      ['files.getUploadURLExternal', true],
      ['upload', true],
      ['files.completeUploadExternal', true],
    ]);
  });

  it('shares in a thread', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    const { ts = '' } = await web.chat.postMessage({ channel: '#fatture', text: 'uno' });
    await upload({ thread_ts: ts });
    expect(slack.messages.at(-1)).toMatchObject({ threadTs: ts, fileIds: [slack.files[0]?.id] });
  });

  it.each<[string, string, () => void]>([
    ['where it was not invited', 'not_in_channel', () => slack.changeChannel('fatture', { isMember: false })],
    [
      'in an archived channel',
      'posting_to_channel_denied',
      () => slack.changeChannel('fatture', { isArchived: true }),
    ],
  ])('shares nothing %s, and posts nothing', async (_, error, change) => {
    await start();
    change();
    expect(await refusalOf(upload())).toMatchObject({ error });
    expect(slack.messages).toEqual([]);
    expect(slack.files).toMatchObject([{ sha256, channelId: null }]);
  });

  it('asks for files:write, and for a file that has its bytes', async () => {
    await start();
    expect(await refusalOf(upload({}, slack.issueToken({ scopes: ['chat:write'] })))).toMatchObject({
      error: 'missing_scope',
      needed: 'files:write',
    });
    const web = clientOf(slack.issueToken());
    const { file_id: id = '' } = await web.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
    const complete = { channel_id: channelId('fatture'), files: [{ id, title: 'a' }] };
    expect(await refusalOf(web.files.completeUploadExternal(complete as never))).toMatchObject({
      error: 'file_not_found',
    });
  });

  it('takes bytes of the announced length only, at the address it gave, also without a form', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    const { upload_url: url = '' } = await web.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
    const send = async (to: string, body: string) => (await fetch(to, { method: 'POST', body })).status;
    expect(await send(url, 'abcd')).toBe(400);
    expect(await send(`${url}0`, 'abc')).toBe(404);
    expect(await send(url, 'abc')).toBe(200);
    expect(slack.files[0]?.sha256).toBe(createHash('sha256').update('abc').digest('hex'));
    expect(JSON.stringify(slack.calls)).not.toContain(url.split('/').at(-1));
  });

  it('lets the bytes go wrong as well', async () => {
    await start();
    slack.failNext('upload', { status: 500 });
    expect(await failureOf(upload())).toMatchObject({ statusCode: 500 });
    expect(slack.files).toMatchObject([{ sha256: null }]);
  });

  it('gives addresses under the path it is mounted at', async () => {
    const fake = createFakeSlack();
    const app = express();
    app.use('/sandbox/slack', fake.handler);
    const server = app.listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    use(fake, `http://127.0.0.1:${(server.address() as { port: number }).port}/sandbox/slack`);
    await upload();
    expect(slack.files[0]?.sha256).toBe(sha256);
    expect(origin).toContain('/sandbox/slack');
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});
