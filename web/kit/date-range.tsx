import { useEffect, useRef, useState } from 'react'
import { useFormat, useText } from '../i18n/provider.tsx'
import { Button, IconButton } from './button.tsx'
import {
  addDays,
  addMonths,
  type Day,
  type DayRange,
  presetRange,
  presets,
  rangeOf,
  startOfMonth,
  weekdayOf,
  weeksOf,
} from './calendar.ts'
import { Popover } from './popover.tsx'

interface DateRangeProps {
  label: string
  value: DayRange
  onChange: (range: DayRange) => void
  /** Month the company's fiscal year begins with, 1 to 12. */
  fiscalStart?: number
}

/** A period: presets on the left, two months on the right, nothing applied before the button is pressed. */
export function DateRange({ label, value, onChange, fiscalStart = 4 }: DateRangeProps) {
  const t = useText()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const words = t('kit.dates.range', { start: format.day(value.start), end: format.day(value.end) })
  return (
    <Popover
      label={label}
      open={open}
      onOpenChange={setOpen}
      flush
      trigger={
        <Button icon="calendar" aria-label={`${label}: ${words}`}>
          <span className="k-number">{words}</span>
        </Button>
      }
    >
      <RangePanel
        value={value}
        fiscalStart={fiscalStart}
        onCancel={() => setOpen(false)}
        onApply={range => {
          setOpen(false)
          onChange(range)
        }}
      />
    </Popover>
  )
}

interface RangePanelProps {
  value: DayRange
  fiscalStart: number
  onApply: (range: DayRange) => void
  onCancel: () => void
}

/** Days a key moves the focus by, or a function for months. */
const keySteps: Record<string, (day: Day) => Day> = {
  ArrowLeft: day => addDays(day, -1),
  ArrowRight: day => addDays(day, 1),
  ArrowUp: day => addDays(day, -7),
  ArrowDown: day => addDays(day, 7),
  PageUp: day => addMonths(day, -1),
  PageDown: day => addMonths(day, 1),
  Home: day => addDays(day, -weekdayOf(day)),
  End: day => addDays(day, 6 - weekdayOf(day)),
}

function RangePanel({ value, fiscalStart, onApply, onCancel }: RangePanelProps) {
  const t = useText()
  const format = useFormat()
  const [range, setRange] = useState(value)
  const [anchor, setAnchor] = useState<Day | null>(null)
  const [focused, setFocused] = useState(value.end)
  const [month, setMonth] = useState(addMonths(startOfMonth(value.end), -1))
  const months = useRef<HTMLDivElement>(null)
  const byKey = useRef(false)
  const today = format.today()

  useEffect(() => {
    if (!byKey.current) return
    byKey.current = false
    months.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus()
  }, [focused])

  const show = (day: Day) => {
    const first = startOfMonth(day)
    if (first < month) setMonth(first)
    else if (first > addMonths(month, 1)) setMonth(addMonths(first, -1))
  }
  const choose = (day: Day) => {
    setFocused(day)
    if (anchor === null) {
      setAnchor(day)
      setRange({ start: day, end: day })
    } else {
      setAnchor(null)
      setRange(rangeOf(anchor, day))
    }
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = keySteps[event.key]
    if (!step) return
    event.preventDefault()
    const next = step(focused)
    byKey.current = true
    setFocused(next)
    show(next)
  }
  const turn = (by: number) => {
    setMonth(addMonths(month, by))
    setFocused(addMonths(focused, by))
  }
  const april = new Intl.DateTimeFormat(document.documentElement.lang, { month: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2026, fiscalStart - 1, 1)),
  )
  const chosen = presets.find(preset => {
    const meant = presetRange(preset, today, fiscalStart)
    return meant.start === range.start && meant.end === range.end
  })

  return (
    <div className="k-dates">
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that set a value at once, not fields */}
      <div className="k-dates-presets" role="group" aria-label={t('kit.dates.presets')}>
        {presets.map(preset => (
          <button
            key={preset}
            type="button"
            className="k-menu-item"
            aria-pressed={preset === chosen}
            onClick={() => {
              const meant = presetRange(preset, today, fiscalStart)
              setAnchor(null)
              setRange(meant)
              setFocused(meant.end)
              show(meant.end)
            }}
          >
            <span>{t(`kit.dates.${preset}`, { month: april })}</span>
          </button>
        ))}
      </div>
      <div className="k-dates-main">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys of the days inside */}
        <div className="k-dates-months" ref={months} onKeyDown={onKeyDown} role="presentation">
          {[month, addMonths(month, 1)].map(each => (
            <div key={each}>
              <div className="k-month-head">
                <IconButton
                  icon="chevron-left"
                  label={t('kit.dates.previous')}
                  data-way="previous"
                  onClick={() => turn(-1)}
                />
                <span aria-live="polite">{format.month(each)}</span>
                <IconButton icon="chevron-right" label={t('kit.dates.next')} data-way="next" onClick={() => turn(1)} />
              </div>
              <Month month={each} range={range} today={today} focused={focused} onChoose={choose} />
            </div>
          ))}
        </div>
        <p className="k-hidden">{t('kit.dates.help')}</p>
        <div className="k-dates-foot">
          <span className="text-12 text-t2 k-number" role="status">
            {anchor === null
              ? t('kit.dates.range', { start: format.day(range.start), end: format.day(range.end) })
              : t('kit.dates.open')}
          </span>
          <Button size="small" kind="quiet" onClick={onCancel}>
            {t('kit.cancel')}
          </Button>
          <Button size="small" kind="primary" onClick={() => onApply(range)}>
            {t('kit.apply')}
          </Button>
        </div>
      </div>
    </div>
  )
}

interface MonthProps {
  month: Day
  range: DayRange
  today: Day
  focused: Day
  onChoose: (day: Day) => void
}

function Month({ month, range, today, focused, onChoose }: MonthProps) {
  const format = useFormat()
  const place = (day: Day) => {
    if (day === range.start || day === range.end) return 'edge'
    return day > range.start && day < range.end ? 'middle' : undefined
  }
  const names = Array.from({ length: 7 }, (_, at) => addDays('2026-11-01', at))
  const language = document.documentElement.lang
  const short = new Intl.DateTimeFormat(language, { weekday: 'narrow', timeZone: 'UTC' })
  const long = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  return (
    <table className="k-month" aria-label={format.month(month)}>
      <thead>
        <tr>
          {names.map(day => (
            <th key={day} scope="col" abbr={long.format(new Date(day))}>
              {short.format(new Date(day))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map(week => (
          <tr key={week.find(day => day !== null)}>
            {week.map((day, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the seven places of a week
              <td key={at}>
                {day && (
                  <button
                    type="button"
                    className="k-day"
                    data-day={day}
                    data-place={place(day)}
                    data-today={day === today || undefined}
                    aria-label={format.weekday(day)}
                    aria-current={day === today ? 'date' : undefined}
                    aria-pressed={place(day) !== undefined}
                    tabIndex={day === focused ? 0 : -1}
                    onClick={() => onChoose(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
