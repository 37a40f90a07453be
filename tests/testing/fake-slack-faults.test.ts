import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { clientOf, failureOf, slack, start } from './slack-harness';

afterEach(() => slack.close());

describe('Faults of the fake Slack', () => {
  const post = (timeout?: number) =>
    failureOf(clientOf(slack.issueToken(), timeout).chat.postMessage({ channel: '#fatture', text: 'ciao' }));

  it('slows the client down, once for each time asked, and posts nothing meanwhile', async () => {
    await start();
    slack.failNext('chat.postMessage', { status: 429, retryAfter: 7 }, 2);
    const [first, second] = [await post(), await post()];
    expect(first).toBeInstanceOf(WebAPIRateLimitedError);
    expect((first as WebAPIRateLimitedError).retryAfter).toBe(7);
    expect(second).toBeInstanceOf(WebAPIRateLimitedError);
    expect(slack.messages).toEqual([]);
    expect(await post()).toBeNull();
  });

  it('answers with a status and a page of its own', async () => {
    await start();
    slack.failNext('chat.postMessage', { status: 503, body: '<html>busy</html>' });
    const error = await post();
    expect(error).toBeInstanceOf(WebAPIHTTPError);
    expect((error as WebAPIHTTPError).statusCode).toBe(503);
  });

  it('refuses with any code of Slack’s', async () => {
    await start();
    slack.failNext('chat.postMessage', { error: 'token_revoked' });
    expect(await post()).toMatchObject({ data: { ok: false, error: 'token_revoked' } });
    expect(slack.messages).toEqual([]);
  });

  it('repeats the Authorization header it was sent, as a careless server would', async () => {
    await start();
    const token = slack.issueToken();
    const post = () => failureOf(clientOf(token).chat.postMessage({ channel: '#fatture', text: 'ciao' }));
    slack.failNext('chat.postMessage', { echoAuthorization: true });
    expect(await post()).toMatchObject({ statusCode: 400, body: { error: `Bearer ${token}` } });
    slack.failNext('chat.postMessage', { echoAuthorization: true, status: 200 });
    expect(await post()).toMatchObject({ data: { ok: false, error: `Bearer ${token}` } });
    expect(slack.messages).toEqual([]);
  });

  it('cuts the connection before the effect', async () => {
    await start();
    slack.failNext('chat.postMessage', 'reset');
    expect(await post()).toBeInstanceOf(WebAPIRequestError);
    expect(slack.messages).toEqual([]);
  });

  it('cuts the connection after the effect', async () => {
    await start();
    slack.failNext('chat.postMessage', 'answer-lost');
    expect(await post()).toBeInstanceOf(WebAPIRequestError);
    expect(slack.messages).toMatchObject([{ text: 'ciao' }]);
  });

  it('hangs until the client gives up, and closing does not wait for it', async () => {
    await start();
    slack.failNext('chat.postMessage', 'hang', 2);
    expect(await post(50)).toBeInstanceOf(WebAPIRequestError);
    const before = slack.calls.length;
    const waiting = post(60_000);
    const received = new Promise<void>((resolve) => {
      const poll = () => (slack.calls.length > before ? resolve() : setImmediate(poll));
      poll();
    });
    await received;
    await slack.close();
    expect(await waiting).toBeInstanceOf(WebAPIRequestError);
    expect(slack.messages).toEqual([]);
  });

  it('forgets the faults that were not met', async () => {
    await start();
    slack.failNext('chat.postMessage', 'reset');
    slack.clearFaults();
    expect(await post()).toBeNull();
  });
});
