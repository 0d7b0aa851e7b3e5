import type { EChartsCoreOption } from 'echarts/core'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { IconButton } from './button.tsx'
import { type ChartColours, chartColours, chartTheme } from './chart-theme.ts'
import { Popover } from './popover.tsx'

interface ChartTable {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

interface ChartFrameProps {
  /** The finding: "NRR rose from 104% to 113% in 12 months". */
  title: string
  /** What is shown, of whom, as of when. */
  sub: string
  /** The chart; memoize it (useCallback), it is read again when it changes or the theme does. */
  option: (colours: ChartColours) => EChartsCoreOption
  /** The same figures as rows, formatted. No rows: nothing to show in this period. */
  table: ChartTable
  /** Definition and formula, behind the (i). */
  definition?: ReactNode
  /** Pixels. */
  height?: number
}

/** A chart with a title that states its finding, its definition, and the table behind it. */
export function ChartFrame({ title, sub, option, table, definition, height = 200 }: ChartFrameProps) {
  const t = useText()
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className="k-frame" aria-labelledby={id}>
      <div className="k-frame-head">
        <figcaption>
          <h3 id={id}>{title}</h3>
          <p>{sub}</p>
        </figcaption>
        {definition && (
          <Popover
            align="end"
            label={t('kit.chart.definition')}
            trigger={<IconButton icon="info" label={t('kit.chart.definition')} />}
          >
            {definition}
          </Popover>
        )}
        <IconButton
          icon={asTable ? 'metrics' : 'rows'}
          label={t(asTable ? 'kit.chart.chart' : 'kit.chart.table')}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      {table.rows.length === 0 ? (
        <div className="k-chart" style={{ height }}>
          <span className="k-chart-wait">{t('kit.chart.empty')}</span>
        </div>
      ) : asTable ? (
        <FrameTable table={table} label={title} height={height} />
      ) : (
        <Canvas option={option} height={height} label={`${title}. ${sub}`} />
      )}
    </figure>
  )
}

function FrameTable({ table, label, height }: { table: ChartTable; label: string; height: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="k-frame-table" style={{ maxHeight: Math.max(height, 200) }} tabIndex={0} aria-label={label}>
      <table className="k-table">
        <thead>
          <tr>
            {table.head.map((name, at) => (
              <th key={name} scope="col" data-align={at > 0 ? 'end' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(row => (
            <tr key={row[0]}>
              {row.map((cell, at) => (
                <td key={table.head[at]} data-align={at > 0 ? 'end' : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface CanvasProps {
  option: ChartFrameProps['option']
  height: number
  label: string
}

function Canvas({ option, height, label }: CanvasProps) {
  const t = useText()
  const place = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)

  useEffect(() => {
    const element = place.current
    if (!element) return
    let stop = () => {}
    let gone = false
    const start = async () => {
      const { startChart } = await import('./chart-engine.ts')
      if (gone) return
      const draw = () => {
        const chart = startChart(element, chartTheme())
        // Rich text tooltips: the HTML ones carry style attributes, which the content security policy refuses.
        const still = matchMedia('(prefers-reduced-motion: reduce)').matches
        const given = option(chartColours())
        const tooltip = given.tooltip ? { tooltip: { ...Object(given.tooltip), renderMode: 'richText' } } : {}
        chart.setOption({ animation: !still, animationDuration: 200, ...given, ...tooltip })
        return chart
      }
      let chart = draw()
      setReady(true)
      const size = new ResizeObserver(() => chart.resize())
      size.observe(element)
      const theme = new MutationObserver(() => {
        chart.dispose()
        chart = draw()
      })
      theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
      stop = () => {
        size.disconnect()
        theme.disconnect()
        chart.dispose()
      }
    }
    start()
    return () => {
      gone = true
      stop()
    }
  }, [option])

  return (
    <div className="k-chart" style={{ height }} role="img" aria-label={label}>
      <div data-canvas ref={place} />
      {!ready && <span className="k-chart-wait">{t('kit.chart.loading')}</span>}
    </div>
  )
}
