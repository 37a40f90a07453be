import type { Json } from '../../../src/core/json';
import type { ProviderOptions, WorkflowServerOptions } from '../../../src/server';
import { createFakeResend, type FakeResend, type FakeResendOptions } from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../../support/server';

export interface ResendTest extends TestServer {
  resend: FakeResend;
}

export const API_KEY = 're_the_key_of_the_tests';
export const FROM = 'Studio Rossi <no-reply@example.com>';

/** A server whose Resend is the fake. */
export async function startResend(
  options: FakeResendOptions = {},
  provider: ProviderOptions = {},
  serverOptions: Partial<WorkflowServerOptions> = {},
): Promise<ResendTest> {
  const resend = createFakeResend({ apiKey: API_KEY, ...options });
  const baseUrl = await resend.listen();
  const providers = { resend: { apiKey: API_KEY, from: FROM, baseUrl, ...provider } };
  const test = await startTestServer({ providers, ...serverOptions });
  return {
    ...test,
    resend,
    close: async () => {
      await test.close();
      await resend.close();
    },
  };
}

export const email = (overrides: Record<string, Json> = {}): Record<string, Json> => ({
  to: 'laura@studio.example',
  subject: 'Contratto firmato',
  text: 'Ecco il contratto.',
  ...overrides,
});

export interface StepOptions {
  retry?: object;
  payload?: Json;
  companyId?: string;
  until?: (status: string) => boolean;
}

/** Runs the block as the only step of a workflow, and follows the run to its end (or until `until` holds). */
export async function sendFrom(
  test: ResendTest,
  config: Record<string, Json>,
  {
    retry,
    payload = {},
    companyId = 'rossi',
    until = (status) => status === 'needs_attention',
  }: StepOptions = {},
) {
  const client = test.clientOf({ companyId });
  const step = node('step_1', 'resend.send-email', {
    config,
    retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 100, maxDelayMs: 1000, ...retry },
  });
  const { id } = await publishWorkflow(client, definition([step], ['trigger -> step_1']));
  const { run } = await client.startRun({ params: { id }, body: { payload } });
  const detail = await follow(client, run.id, until);
  return { run: detail.run, step: detail.steps.find(({ key }) => key === 'step_1') };
}
