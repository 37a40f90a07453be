import type { EntityManager } from 'typeorm';
import type { SharedContext } from '../context';
import { AuditEntity } from './entities';

/** Notes who did what, in the transaction of the deed. */
export async function audit(
  context: SharedContext,
  manager: EntityManager,
  who: { companyId: string; userId: string | null },
  action: string,
  targetType: string,
  targetId: string,
): Promise<void> {
  await manager.getRepository(AuditEntity).insert({
    companyId: who.companyId,
    id: context.newId(),
    at: new Date(context.clock.now()),
    userId: who.userId,
    action,
    targetType,
    targetId,
  });
}
