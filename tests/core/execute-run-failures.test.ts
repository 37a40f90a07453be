import { defineProvider, implementProvider } from '../../src/core';
import { definition, node } from '../support/definitions';
import { fail, run } from './run-harness';

const then = ['trigger -> a', 'a -> b', 'a:error -> c'];
const around = (type: string, rest = {}) =>
  definition([node('a', type, rest), node('b', 'test.pure'), node('c', 'test.pure')], then);

describe('a reference without a value', () => {
  it('is a named error that says what was there, and the step is not carried out', async () => {
    const report = await run(
      around('test.once', { config: { to: [{ mail: '{{trigger.payload.document.owner.email}}' }] } }),
      { payload: { document: { id: 'd1', title: 'T' } } },
    );
    const error = {
      kind: 'terminal',
      code: 'reference_missing',
      message:
        '{{trigger.payload.document.owner.email}} has no value: trigger.payload.document is an object with id, title. ' +
        'Choose another value, or write {{trigger.payload.document.owner.email?}} to leave it empty.',
      actor: 'customer',
      path: 'to[0].mail',
    };
    expect(report.end).toEqual({ status: 'failed', error: { ...error, nodeId: 'a', stepKey: 'a' } });
    expect(report.step('a')).toMatchObject({ status: 'failed', error, attempt: 1, input: null });
    expect(report.calls).toEqual([]);
    expect(report.commits).toHaveLength(1);
  });

  it('to a step that was skipped names the step', async () => {
    const report = await run(
      definition(
        [
          node('a', 'test.pure', { disabled: true }),
          node('b', 'test.pure', { config: { x: '{{step.a.output.y}}' } }),
        ],
        ['trigger -> a', 'a -> b'],
      ),
    );
    expect(report.end).toMatchObject({
      error: { message: expect.stringContaining('step a has no output in this run') },
    });
  });
});

describe('a step that fails for good', () => {
  const behaviour = { a: () => fail('terminal', { actor: 'provider', providerStatus: 422 }) };

  it('fails the run by default, with its record and the reason; nothing behind it is recorded', async () => {
    const report = await run(around('test.idempotent'), { behaviour });
    const error = {
      kind: 'terminal',
      code: 'terminal_failure',
      message: 'It was terminal.',
      actor: 'provider',
      providerStatus: 422,
    };
    expect(report.end).toEqual({ status: 'failed', error: { ...error, nodeId: 'a', stepKey: 'a' } });
    expect(report.story).toEqual(['a failed']);
    expect(report.step('a')).toMatchObject({ error, branch: null, output: null, attempt: 1 });
  });

  it('goes on with the error as its output when it is to continue', async () => {
    const report = await run(around('test.idempotent', { onError: 'continue' }), { behaviour });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.story).toEqual(['a failed next', 'b succeeded next', 'c skipped']);
    expect(report.step('a').output).toEqual({ error: report.step('a').error });
  });

  it('leaves by its error exit when it is to branch, and its other exit is dead', async () => {
    const report = await run(around('test.idempotent', { onError: 'branch' }), { behaviour });
    expect(report.story).toEqual(['a failed error', 'b skipped', 'c succeeded next']);
  });

  it('is not tried again, however many attempts it may have', async () => {
    for (const kind of ['terminal', 'reconnect'] as const) {
      const report = await run(around('test.idempotent'), { behaviour: { a: () => fail(kind) } });
      expect(report.calls).toHaveLength(1);
      expect(report.end).toMatchObject({ status: 'failed', error: { kind } });
    }
  });

  it('of an unknown type says what to register, and fails like any other step', async () => {
    const report = await run(around('acme.unknown', { onError: 'branch' }));
    expect(report.step('a').error).toMatchObject({ code: 'unknown_block', actor: 'developer' });
    expect(report.step('c').status).toBe('succeeded');
  });

  it('with an error of its own is named as the block’s, without its stack', async () => {
    const behave = () => {
      throw new TypeError('x is undefined');
    };
    const report = await run(around('test.pure'), { behaviour: { a: behave } });
    expect(report.end).toEqual({
      status: 'failed',
      error: {
        kind: 'terminal',
        code: 'block_failed',
        message: 'The block stopped with an error of its own: x is undefined.',
        actor: 'developer',
        nodeId: 'a',
        stepKey: 'a',
      },
    });
  });
});

describe('a step that does not answer in time', () => {
  const forever = () => new Promise<never>(() => {});

  it('is stopped through its signal and named, though the block has its own word for being stopped', async () => {
    let stopped = false;
    const report = await run(around('test.idempotent'), {
      timeoutMs: 10,
      behaviour: {
        a: ({ step }) =>
          new Promise((_, reject) => {
            step.signal.addEventListener('abort', () => {
              stopped = true;
              reject(new Error('aborted'));
            });
          }),
      },
    });
    expect(stopped).toBe(true);
    expect(report.step('a')).toMatchObject({
      status: 'waiting',
      error: { kind: 'uncertain', code: 'step_timeout', message: expect.stringContaining('0.01 seconds') },
    });
  });

  it('is in doubt when its effect may not be repeated, and waits for a person', async () => {
    const report = await run(around('test.once'), { timeoutMs: 10, behaviour: { a: forever } });
    expect(report.end).toMatchObject({ status: 'needs_attention', error: { code: 'step_timeout' } });
    expect(report.story).toEqual(['a in_doubt']);
  });

  it('because its connection was never ready is tried again even then: nothing was sent', async () => {
    const { executors, definition: once } = withProvider();
    const report = await run(once, { executors, connect: forever });
    expect(report.step('a')).toMatchObject({
      status: 'waiting',
      error: {
        kind: 'retry',
        code: 'step_timeout',
        message: expect.stringContaining('connection was not ready'),
      },
    });
  });
});

describe('a step that needs a connection', () => {
  it('that is gone fails with the reason, and its executor is not called', async () => {
    const { executors, definition: once, calls } = withProvider();
    const report = await run(once, { executors, connect: async () => fail('reconnect') });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { kind: 'reconnect', code: 'reconnect_failure' },
    });
    expect(calls).toEqual([]);
  });

  it('receives the client made for it; what its SDK throws is read by the provider', async () => {
    const { executors, definition: once, calls } = withProvider();
    const report = await run(once, { executors, connect: async () => 'client of rossi' });
    expect(calls).toEqual(['client of rossi']);
    expect(report.end).toMatchObject({ error: { kind: 'terminal', code: 'sdk_said_no' } });
  });
});

/** A block of its own provider, at most once, whose SDK throws a bare value. */
function withProvider() {
  const calls: unknown[] = [];
  const label = { en: 'P', it: 'P' };
  const provider = implementProvider(
    defineProvider({ id: 'p', label, description: label, icon: 'p', color: '#000', auth: { type: 'host' } }),
    {
      client: () => null,
      mapError: () => ({ kind: 'terminal', code: 'sdk_said_no', message: 'No.' }),
    },
  );
  const executor = {
    type: 'test.once',
    provider,
    timeoutMs: 20,
    run: ({ client }: { client: unknown }) => {
      calls.push(client);
      throw { ok: false };
    },
  };
  return { calls, executors: { 'test.once': executor }, definition: around('test.once') };
}
