import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { WorkflowError } from '../../core/errors';
import { isUuid } from '../context';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/**
 * One page, newest first: by a time column and `id`, or by `id` alone (`null`) where rows keep the order their ids were made in. The cursor
 * holds the last row's place, so pages stay right while rows are added. Times are compared to the millisecond, which is what JavaScript's
 * dates keep of them.
 */
export async function keysetPage<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  alias: string,
  timeProperty: (keyof T & string) | null,
  { cursor, limit }: PageRequest,
): Promise<Page<T>> {
  if (cursor) {
    const { at, id } = readCursor(cursor);
    const place = timeProperty
      ? `(${alias}.${timeProperty}, ${alias}.id) < (:cursorAt, :cursorId)`
      : `${alias}.id < :cursorId`;
    query.andWhere(place, { cursorAt: at, cursorId: id });
  }
  if (timeProperty) query.orderBy(`${alias}.${timeProperty}`, 'DESC');
  const rows = await query
    .addOrderBy(`${alias}.id`, 'DESC')
    .take(limit + 1)
    .getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last
      ? writeCursor(timeProperty ? (last[timeProperty] as Date) : new Date(0), last.id as string)
      : null;
  return { items, nextCursor };
}

const writeCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

function readCursor(cursor: string): { at: Date; id: string } {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || !isUuid(id)) {
    throw new WorkflowError(
      'invalid_request',
      'The cursor is not one this list gave. Begin again without it.',
    );
  }
  return { at, id };
}
