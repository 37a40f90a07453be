import { labelOf, type RunDetail } from '../../core';
import { stepStatusLook } from '../shared/format';
import { useTexts, useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { Tile } from '../shared/ui';
import { runsMessages } from './messages';

/** A step of the workflow the run did not come to. */
export function UnreachedDetail({ nodeId, detail }: { nodeId: string; detail: RunDetail }) {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(runsMessages);
  const node = detail.definition.nodes.find((candidate) => candidate.id === nodeId);
  const block = blocks.get(node?.type ?? '');
  const look = stepStatusLook('pending');
  return (
    <>
      <header className="trama-detail-head">
        <Tile provider={providers.get(block?.provider ?? '')} icon={block?.icon} />
        <div className="trama-detail-name">
          <h3>{node ? labelOf(node, blocks, locale) : nodeId}</h3>
        </div>
        <span className="trama-pill" data-tone={look.tone}>
          <StatusMark look={look} />
          {t(look.label)}
        </span>
      </header>
      <p className="trama-detail-note">{t('step.unreachedText')}</p>
    </>
  );
}
