/** Reads a token's current value; ECharts paints on a canvas and cannot read CSS itself. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** The one theme of all charts, from the tokens as they stand (light or dark). */
export function chartTheme() {
  const text = { color: token('c-label'), fontFamily: token('font'), fontSize: 11 }
  const axis = {
    axisLine: { show: false, lineStyle: { color: token('c-axis') } },
    axisTick: { show: false },
    axisLabel: text,
    nameTextStyle: text,
    splitLine: { lineStyle: { color: token('c-grid') } },
    splitArea: { show: false },
  }
  return {
    color: [1, 2, 3, 4, 5, 6].map(series => token(`c-${series}`)),
    backgroundColor: 'transparent',
    textStyle: { fontFamily: token('font') },
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    categoryAxis: {
      ...axis,
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: token('c-axis') } },
    },
    valueAxis: axis,
    timeAxis: { ...axis, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: token('c-axis') } } },
    line: { symbol: 'none', lineStyle: { width: 1.75 } },
    bar: { barMaxWidth: 28 },
    legend: { textStyle: { ...text, fontSize: 12 }, itemWidth: 12, itemHeight: 8 },
    tooltip: {
      backgroundColor: token('invert'),
      borderWidth: 0,
      padding: [6, 10],
      textStyle: { color: token('on-invert'), fontFamily: token('font'), fontSize: 12 },
    },
  }
}

/** Colours for pages that build chart options: context series are mute, health colours stand for health only. */
export function chartColours() {
  return {
    mute: token('c-mute'),
    muteSoft: token('c-mute-2'),
    band: token('c-band'),
    interval: token('c-interval'),
    text: token('text'),
    label: token('c-label'),
    accentText: token('accent-text'),
    ground: token('ground'),
    green: token('green'),
    yellow: token('yellow'),
    orange: token('orange'),
    red: token('red'),
  }
}

export type ChartColours = ReturnType<typeof chartColours>
