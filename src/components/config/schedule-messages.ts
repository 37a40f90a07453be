const en = {
  'schedule.kinds': 'How often',
  'schedule.day': 'Every day',
  'schedule.working-day': 'Monday to Friday',
  'schedule.week': 'On certain days of the week',
  'schedule.month': 'Once a month',
  'schedule.custom': 'Something else (cron)',
  'schedule.time': 'At',
  'schedule.weekdays': 'On these days',
  'schedule.monthDay': 'On day',
  'schedule.lastDay': 'The last day of the month',
  'schedule.cron': 'Cron',
  'schedule.cronHint':
    'Minute, hour, day, month, weekday. 0 9 * * 1-5 is nine o’clock from Monday to Friday.',
  'schedule.next': 'Next: {times}',
  'schedule.zone': 'Times are those of {timeZone}.',
  'schedule.runNow': 'It runs as if its time were now.',
  'schedule.holidays': 'Public holidays count like any other day.',
};

const it: Record<keyof typeof en, string> = {
  'schedule.kinds': 'Ogni quanto',
  'schedule.day': 'Ogni giorno',
  'schedule.working-day': 'Dal lunedì al venerdì',
  'schedule.week': 'In certi giorni della settimana',
  'schedule.month': 'Una volta al mese',
  'schedule.custom': 'Altro (cron)',
  'schedule.time': 'Alle ore',
  'schedule.weekdays': 'In questi giorni',
  'schedule.monthDay': 'Il giorno',
  'schedule.lastDay': 'L’ultimo giorno del mese',
  'schedule.cron': 'Cron',
  'schedule.cronHint':
    'Minuto, ora, giorno, mese, giorno della settimana. 0 9 * * 1-5 sono le nove dal lunedì al venerdì.',
  'schedule.next': 'Prossime volte: {times}',
  'schedule.zone': 'Le ore sono quelle di {timeZone}.',
  'schedule.runNow': 'Viene eseguito come se l’ora stabilita fosse adesso.',
  'schedule.holidays': 'Le festività contano come gli altri giorni.',
};

/** Texts of the choice of a schedule. */
export const scheduleMessages = { en, it };
