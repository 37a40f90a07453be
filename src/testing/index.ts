export * from './fake-fatture-in-cloud';
export * from './fake-host';
export * from './fake-resend';
export * from './fake-slack';
export type { FakeFicApp } from './fatture-in-cloud/oauth';
export type { FakeFicClient, FakeFicCompany } from './fatture-in-cloud/seed';
export type { FakeFicDocument, FakeFicEmail, FakeFicPayment } from './fatture-in-cloud/state';
export type { FakeHostDocument, FakeSignatureRequest } from './host/state';
export { jsdomShims } from './jsdom-shims';
export { mockBlockContext } from './mock-block-context';
export type {
  FakeInboundAttachment,
  FakeInboundEmail,
  NewInboundEmail,
  NoticeOptions,
} from './resend/receiving';
export type { FakeEmail } from './resend/state';
export type { FakeSlackApp } from './slack/oauth';
export type { FakeSlackCall } from './slack/serve';
export type { FakeSlackChannel, FakeSlackFile, FakeSlackMessage, FakeSlackTeam } from './slack/state';
export type { Fault } from './support/faults';
