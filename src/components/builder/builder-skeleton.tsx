import { useTexts } from '../shared/provider';
import { Skeleton } from '../shared/ui';
import { builderMessages } from './messages';

/** The builder before its workflow is there. */
export function BuilderSkeleton() {
  const t = useTexts(builderMessages);
  return (
    <section className="trama-surface trama-builder" aria-busy="true" aria-label={t('builder.label')}>
      <span className="trama-visually-hidden" role="status">
        {t('common.loading')}
      </span>
      <div className="trama-bar">
        <Skeleton width="180px" height="16px" />
        <Skeleton width="110px" height="24px" />
        <span className="trama-grow" />
        <Skeleton width="92px" height="32px" />
      </div>
      <div className="trama-builder-main">
        <div className="trama-builder-side">
          {[0, 1, 2, 3, 4, 5].map((row) => (
            <div key={row} className="trama-palette-item">
              <Skeleton width="28px" height="28px" />
              <Skeleton width={`${96 + (row % 3) * 22}px`} />
            </div>
          ))}
        </div>
        <div className="trama-builder-canvas trama-builder-blank">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} width="264px" height="64px" />
          ))}
        </div>
      </div>
    </section>
  );
}
