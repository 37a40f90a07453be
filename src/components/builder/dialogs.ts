export { ConfigDialog } from '../config/config-dialog';
export { RemoteNames, rememberOptions } from '../config/remote-names';
export { AccountDialog } from './account-dialog';
export { ConflictDialog } from './conflict-dialog';
export { RunDialog } from './run-dialog';
