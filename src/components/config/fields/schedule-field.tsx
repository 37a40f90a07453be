import { useId, useState } from 'react';
import {
  isTimeZone,
  LAST_DAY,
  nextLocalMinute,
  type Plan,
  parseCron,
  planKinds,
  readPlan,
  TRIGGER_ID,
  weekdayNames,
  writePlan,
} from '../../../core';
import { useTrama } from '../../shared/provider';
import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import { FieldFrame } from './field-frame';

/** A cron, chosen in words; the cron itself is there for whoever wants it. */
export function ScheduleField({ field, path, value, onChange }: ControlProps<FieldOf<'text'>>) {
  const { naming, readOnly } = useConfig();
  const { t } = naming;
  const cron = typeof value === 'string' ? value : '';
  const [isCustom, setIsCustom] = useState(false);
  const read = readPlan(cron);
  const plan: Plan = isCustom ? { every: 'custom', cron } : read;
  const choose = (every: Plan['every']) => {
    setIsCustom(every === 'custom');
    if (every !== 'custom') onChange(writePlan(firstPlan(every, read)));
  };
  return (
    <FieldFrame field={field} path={path} after={<NextTimes cron={cron} />}>
      {(parts) => (
        <fieldset
          id={parts.id}
          className="trama-schedule"
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
        >
          <select
            className="trama-field-box"
            aria-label={t('schedule.kinds')}
            value={plan.every}
            disabled={readOnly}
            onChange={(event) => choose(event.target.value as Plan['every'])}
          >
            {planKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`schedule.${kind}`)}
              </option>
            ))}
          </select>
          <PlanFields plan={plan} onPlan={(next) => onChange(writePlan(next) || undefined)} {...parts} />
        </fieldset>
      )}
    </FieldFrame>
  );
}

/** What is known of the plan before stays: its time first of all. */
function firstPlan(every: Exclude<Plan['every'], 'custom'>, before: Plan): Plan {
  const time = before.every === 'custom' ? '09:00' : before.time;
  if (every === 'week') return { every, time, weekdays: before.every === 'week' ? before.weekdays : [1] };
  if (every === 'month') return { every, time, day: before.every === 'month' ? before.day : 1 };
  return { every, time };
}

interface PlanFieldsProps {
  plan: Plan;
  onPlan: (plan: Plan) => void;
  describedBy: string | undefined;
  isInvalid: boolean;
  onBlur: () => void;
}

function PlanFields({ plan, onPlan, describedBy, isInvalid, onBlur }: PlanFieldsProps) {
  const { naming, readOnly } = useConfig();
  const { t } = naming;
  const id = useId();
  if (plan.every === 'custom') {
    return (
      <div>
        <label htmlFor={id}>{t('schedule.cron')}</label>
        <input
          id={id}
          className="trama-field-box trama-code"
          spellCheck={false}
          autoComplete="off"
          placeholder="0 9 * * 1-5"
          value={plan.cron}
          readOnly={readOnly}
          aria-describedby={[describedBy, `${id}-hint`].filter(Boolean).join(' ')}
          aria-invalid={isInvalid}
          onBlur={onBlur}
          onChange={(event) => onPlan({ every: 'custom', cron: event.target.value })}
        />
        <p id={`${id}-hint`} className="trama-field-hint">
          {t('schedule.cronHint')}
        </p>
      </div>
    );
  }
  return (
    <>
      {plan.every === 'week' && <Weekdays plan={plan} onPlan={onPlan} />}
      <div className="trama-schedule-row">
        {plan.every === 'month' && (
          <div>
            <label htmlFor={`${id}-day`}>{t('schedule.monthDay')}</label>
            <select
              id={`${id}-day`}
              className="trama-field-box trama-num"
              value={plan.day}
              disabled={readOnly}
              onChange={(event) => onPlan({ ...plan, day: Number(event.target.value) })}
            >
              {Array.from({ length: LAST_DAY }, (_, index) => index + 1).map((day) => (
                <option key={day} value={day}>
                  {day === LAST_DAY ? t('schedule.lastDay') : day}
                </option>
              ))}
            </select>
          </div>
        )}
        <div>
          <label htmlFor={id}>{t('schedule.time')}</label>
          <input
            id={id}
            type="time"
            className="trama-field-box trama-num"
            value={plan.time}
            readOnly={readOnly}
            // Emptied, it would be no time at all: the one before stays.
            onChange={(event) => event.target.value && onPlan({ ...plan, time: event.target.value })}
          />
        </div>
      </div>
    </>
  );
}

function Weekdays({
  plan,
  onPlan,
}: {
  plan: Extract<Plan, { every: 'week' }>;
  onPlan: (plan: Plan) => void;
}) {
  const { naming, readOnly } = useConfig();
  const { locale, t } = naming;
  const toggle = (day: number) => {
    const weekdays = plan.weekdays.includes(day)
      ? plan.weekdays.filter((other) => other !== day)
      : [...plan.weekdays, day].sort();
    // The last one stays: a week without days would be every day.
    if (weekdays.length > 0) onPlan({ ...plan, weekdays });
  };
  return (
    <fieldset className="trama-weekdays" aria-label={t('schedule.weekdays')}>
      {weekdayNames.map((name, index) => {
        const isOn = plan.weekdays.includes(index + 1);
        return (
          <label key={name.en} data-checked={isOn || undefined} title={name[locale]}>
            <input
              type="checkbox"
              checked={isOn}
              disabled={readOnly}
              aria-label={name[locale]}
              onChange={() => toggle(index + 1)}
            />
            <span aria-hidden="true">{name[locale].slice(0, 3)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

const SHOWN_TIMES = 3;

/** The next times it comes, as the clock in its time zone will show them. */
function NextTimes({ cron }: { cron: string }) {
  const { naming } = useConfig();
  const { timeZone: ownZone } = useTrama();
  const { definition, locale, t } = naming;
  const zone = definition.nodes.find(({ id }) => id === TRIGGER_ID)?.config.timeZone;
  const timeZone = typeof zone === 'string' && isTimeZone(zone) ? zone : ownZone;
  const parsed = parseCron(cron);
  if ('problem' in parsed) return null;
  const format = new Intl.DateTimeFormat(locale === 'it' ? 'it-IT' : 'en-GB', {
    ...({ weekday: 'short', day: 'numeric', month: 'short' } as const),
    ...({ hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const),
  });
  const times: string[] = [];
  for (let at: number | null = localNow(timeZone); times.length < SHOWN_TIMES; ) {
    at = nextLocalMinute(parsed.cron, at);
    if (at === null) break;
    times.push(format.format(at * 60_000));
  }
  const { every } = readPlan(cron);
  return (
    <div className="trama-schedule-next">
      <p aria-live="polite">{t('schedule.next', { times: times.join(' · ') })}</p>
      <p className="trama-field-hint">
        {t('schedule.zone', { timeZone: timeZone.replaceAll('_', ' ') })}
        {every === 'working-day' && ` ${t('schedule.holidays')}`}
      </p>
    </div>
  );
}

/** What the clock in a zone shows, in minutes since 1970. */
function localNow(timeZone: string): number {
  // Swedish writes times as ISO 8601 does.
  const shown = new Date().toLocaleString('sv-SE', { timeZone });
  return Math.floor(Date.parse(`${shown.replace(' ', 'T')}Z`) / 60_000);
}
