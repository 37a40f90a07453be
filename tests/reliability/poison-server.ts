/** A runner in a process of its own, which its runs may take down. It begins when it is told anything on standard input. */
import { createWorkflowServer } from '../../src/server';
import { ENCRYPTION_KEYS } from '../support/server';
import { blocks, executors } from './poison-blocks';

process.stdin.once('end', () => process.exit(0));
process.stdin.once('data', () => {
  void createWorkflowServer({
    databaseUrl: process.env.DATABASE_URL ?? '',
    encryptionKeys: ENCRYPTION_KEYS,
    authenticate: () => null,
    baseUrl: 'http://localhost',
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    leaseMs: 600_000,
    pollMs: 20,
    blocks,
    executors,
  });
});
