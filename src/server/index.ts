export {
  type DocManagerHost,
  type DocumentRef,
  type DocumentStatus,
  type HostCall,
  HostError,
  type HostErrorCode,
  type HostFile,
  type HostListCall,
  type HostOption,
  type HostSigner,
  type NewHostDocument,
  type SignatureRequest,
} from '../blocks/doc-manager/host';
export { createHostHandler, type HostHandlerOptions } from '../blocks/doc-manager/host-handler.server';
export { executors, providerImplementations } from '../blocks/server';
export { implementBlock, implementProvider, implementTrigger } from '../core/block/implement';
export { BlockError, WorkflowError } from '../core/errors';
export { createWorkflowServer, type WorkflowServer } from './create-server';
export { migrations } from './db/data-source';
export * from './db/entities';
export { type HttpHostOptions, httpHost } from './host/http-host';
export { signEvent } from './http/events';
export type { Logger } from './log';
export type { Principal, ProviderOptions, WorkflowServerOptions } from './options';
export { optionsFromEnv } from './options-from-env';
export { type RotatedKeys, type RotateKeysOptions, rotateKeys } from './rotate-keys';
export type { HostEvent, StartedRun } from './runs/emit';
export type { ApprovalNotice } from './runs/notify-approvals';
