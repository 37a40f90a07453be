export { ConfigDialog } from '../config/config-dialog';
export { ConflictDialog } from './conflict-dialog';
export { RunDialog } from './run-dialog';
