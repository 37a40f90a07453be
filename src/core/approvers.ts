import { hasRole, type Role } from './api/route';

/** Roles an approval may be asked of; a viewer decides nothing. */
export const approverRoles = ['editor', 'admin'] as const satisfies readonly Role[];

const ROLE_PREFIX = 'role:';

/** The role an entry of an approval's list stands for (`role:admin`); `null` for the id of a user. */
export function approverRole(approver: string): (typeof approverRoles)[number] | null {
  return approverRoles.find((role) => approver === `${ROLE_PREFIX}${role}`) ?? null;
}

/** Whether an entry begins like a role and is none. */
export const isUnknownRole = (approver: string): boolean =>
  approver.startsWith(ROLE_PREFIX) && approverRole(approver) === null;

/** Whether a decision is asked of this person: by name, by a role (admins are editors too), or because nobody is named. */
export function isAsked(
  approvers: readonly string[],
  { userId, role }: { userId: string; role: Role },
): boolean {
  if (approvers.length === 0) return true;
  return approvers.some((approver) => {
    const needed = approverRole(approver);
    return needed ? hasRole(role, needed) : approver === userId;
  });
}

/** Everything an approval's list may hold that means this person. */
export const approverNames = ({ userId, role }: { userId: string; role: Role }): string[] => [
  userId,
  ...approverRoles.filter((needed) => hasRole(role, needed)).map((needed) => `${ROLE_PREFIX}${needed}`),
];
