export * from './fake-host';
export * from './fake-slack';
export type { FakeHostDocument, FakeSignatureRequest } from './host/state';
export { jsdomShims } from './jsdom-shims';
export { mockBlockContext } from './mock-block-context';
export type { FakeSlackApp } from './slack/oauth';
export type { FakeSlackChannel, FakeSlackMessage, FakeSlackTeam } from './slack/state';
export type { Fault } from './support/faults';
