import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Company, User } from '../shared/types';
import { HttpError } from './http-error';
import { readOrCreateKey } from './secrets';

/** `ficId` and `vatNumber` are the company's at Fatture in Cloud, for its sandbox. */
export const companies: readonly (Company & { ficId: number; vatNumber: string })[] = [
  { id: 'co_rossi', name: 'Studio Rossi S.r.l.', ficId: 12345, vatNumber: 'IT01234567890' },
  { id: 'co_bianchi', name: 'Bianchi Costruzioni S.n.c.', ficId: 67890, vatNumber: 'IT09876543210' },
];

/** A user's id is what Trama writes down and shows ("connected by"), so it says something to people. */
export const users: readonly User[] = [
  { id: 'laura@studiorossi.example', companyId: 'co_rossi', name: 'Laura Rossi', role: 'admin' },
  { id: 'marco@studiorossi.example', companyId: 'co_rossi', name: 'Marco Ferri', role: 'editor' },
  { id: 'giulia@studiorossi.example', companyId: 'co_rossi', name: 'Giulia Conti', role: 'viewer' },
  { id: 'paolo@bianchi.example', companyId: 'co_bianchi', name: 'Paolo Bianchi', role: 'admin' },
  { id: 'sara@bianchi.example', companyId: 'co_bianchi', name: 'Sara Greco', role: 'editor' },
];

const COOKIE = 'doc_manager_session';

export interface Sessions {
  /** The person behind a request, `null` when nobody is signed in. */
  userOf: (req: Pick<Request, 'headers'>) => User | null;
  /** The same, or a 401. */
  requireUser: (req: Request) => User;
  signIn: (res: Response, user: User) => void;
  /** The cookie header of a user, for calls this server makes to itself. */
  cookieOf: (user: User) => string;
}

/** Sessions in a cookie that only this server can have written: the user's id and its HMAC. */
export function createSessions(keyFile: string): Sessions {
  const key = readOrCreateKey(keyFile);
  const sign = (userId: string) => createHmac('sha256', key).update(userId).digest('base64url');
  const cookieValue = (user: User) => `${Buffer.from(user.id).toString('base64url')}.${sign(user.id)}`;
  const userOf: Sessions['userOf'] = (req) => {
    const [encodedId = '', signature = ''] = readCookie(req.headers.cookie).split('.');
    const userId = Buffer.from(encodedId, 'base64url').toString('utf8');
    return isSame(signature, sign(userId)) ? (users.find((user) => user.id === userId) ?? null) : null;
  };
  return {
    userOf,
    requireUser: (req) => {
      const user = userOf(req);
      if (!user) throw new HttpError(401, 'unauthenticated');
      return user;
    },
    signIn: (res, user) =>
      void res.cookie(COOKIE, cookieValue(user), { httpOnly: true, sameSite: 'lax', path: '/' }),
    cookieOf: (user) => `${COOKIE}=${cookieValue(user)}`,
  };
}

export function companyOf(user: Pick<User, 'companyId'>): (typeof companies)[number] {
  return companies.find((company) => company.id === user.companyId) as (typeof companies)[number];
}

/** Sender of a company's emails, each with an address of its own, so that none writes in another's name. */
export const senderOf = (companyId: string): string =>
  `${companyOf({ companyId }).name} <${companyId.replace('co_', '')}@doc-manager.example>`;

function readCookie(header: string | undefined): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
