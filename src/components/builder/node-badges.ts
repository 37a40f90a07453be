import type { Issue } from '../../core';
import type { NodeBadge } from '../canvas/types';
import { countIssues, issuesOf } from '../shared/issue-text';
import type { Trama } from '../shared/provider';
import type { Naming } from '../shared/reference-label';
import type { BuilderMessageKey } from './messages';

/** What rides on each card: how many errors, else what to connect (for whoever may), else that something is doubtful. */
export function nodeBadges(
  issues: readonly Issue[],
  { definition, blocks, locale, t }: Naming<BuilderMessageKey>,
  providers: Trama['providers'],
  canConnect: boolean,
): ReadonlyMap<string, NodeBadge> {
  const badges = new Map<string, NodeBadge>();
  for (const node of definition.nodes) {
    const own = issuesOf(issues, node.id);
    const { errors } = countIssues(own);
    const provider = providers.get(blocks.get(node.type)?.provider ?? '')?.label[locale] ?? '';
    if (errors > 0) badges.set(node.id, { tone: 'bad', text: t('canvas.badge.errors', { count: errors }) });
    else if (own.some((issue) => issue.code === 'provider_not_connected')) {
      badges.set(node.id, {
        tone: 'warn',
        text: t(canConnect ? 'canvas.badge.connect' : 'canvas.badge.notConnected', { provider }),
      });
    } else if (own.length > 0) badges.set(node.id, { tone: 'warn', text: t('canvas.badge.warnings') });
  }
  return badges;
}
