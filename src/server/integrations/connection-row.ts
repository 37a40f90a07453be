import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../db/entities';

/** Longer than a refresh may keep a row. */
const LOCK_TIMEOUT_MS = 10_000;

/** A connection with its credential, locked until the transaction ends. */
export async function lockConnection(
  manager: EntityManager,
  companyId: string,
  provider: string,
): Promise<ConnectionEntity | null> {
  await manager.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  return manager
    .getRepository(ConnectionEntity)
    .createQueryBuilder('connection')
    .addSelect('connection.credential')
    .where({ companyId, provider })
    .setLock('pessimistic_write')
    .getOne();
}
