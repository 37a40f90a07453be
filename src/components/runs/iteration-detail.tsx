import { stepStatusLook } from '../shared/format';
import { useTexts } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { runsMessages } from './messages';
import type { IterationRow } from './run-tree';
import { statusOf } from './run-tree';
import { describeStep, type Words } from './step-words';
import { labelOfRow } from './timeline-row';

/** One round of a loop: what each of its steps came to. */
export function IterationDetail({ row, words }: { row: IterationRow; words: Words }) {
  const t = useTexts(runsMessages);
  return (
    <>
      <header className="trama-detail-head">
        <div className="trama-detail-name">
          <h3>{labelOfRow(row, words)}</h3>
        </div>
        <span className="trama-pill" data-tone={stepStatusLook(row.status).tone}>
          <StatusMark look={stepStatusLook(row.status)} />
          {t(stepStatusLook(row.status).label)}
        </span>
      </header>
      <ul className="trama-conditions">
        {row.children.map((child) => (
          <li key={child.id}>
            <StatusMark look={stepStatusLook(statusOf(child))} disc />
            <span>
              <b>{labelOfRow(child, words)}</b>{' '}
              <span className="trama-muted">{child.kind === 'step' && describeStep(child, words)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
