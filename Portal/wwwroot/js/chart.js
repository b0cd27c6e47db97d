// Draws what Chart.razor asks for, in the page's own colours, and again when the theme changes.

let engine;

function load() {
  engine ??= import('../lib/apexcharts/apexcharts.esm.js').then(module => module.default);
  return engine;
}

// Tokens hold light-dark(); only a rendered element knows which side applies.
function colours(host) {
  const probe = host.appendChild(document.createElement('i'));
  probe.style.transition = 'none'; // A colour in transition is read as the one before it.
  const read = token => { probe.style.color = `var(${token})`; return getComputedStyle(probe).color; };
  const found = { ink: read('--ink-3'), line: read('--line'), series: [1, 2, 3, 4, 5, 6].map(n => read(`--series-${n}`)) };
  probe.remove();
  return found;
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches;
}

function options(host, spec) {
  const { ink, line, series } = colours(host);
  const bars = spec.kind.endsWith('Columns');
  const axis = new Intl.NumberFormat(spec.language, { notation: 'compact', maximumSignificantDigits: 3 });
  return {
    chart: {
      type: bars ? 'bar' : spec.kind.toLowerCase(), height: spec.height, stacked: spec.kind === 'StackedColumns', background: 'transparent',
      fontFamily: getComputedStyle(host).fontFamily, foreColor: ink, toolbar: { show: false }, zoom: { enabled: false },
      animations: { enabled: !matchMedia('(prefers-reduced-motion: reduce)').matches, speed: 250 }, parentHeightOffset: 0,
    },
    theme: { mode: isDark() ? 'dark' : 'light' },
    colors: series,
    series: spec.series.map(row => ({ name: row.name, data: row.values })),
    dataLabels: { enabled: false },
    stroke: bars ? { width: 0 } : { width: 2.5, curve: 'monotoneCubic' },
    fill: spec.kind === 'Area' ? { type: 'gradient', gradient: { opacityFrom: .35, opacityTo: .03 } } : { opacity: 1 },
    plotOptions: { bar: { columnWidth: '58%', borderRadius: 4, borderRadiusApplication: 'end' } },
    grid: { borderColor: line, strokeDashArray: 3, padding: { left: 8, right: 8 } },
    legend: { show: spec.series.length > 1, position: 'top', horizontalAlign: 'left', markers: { size: 5 } },
    xaxis: {
      categories: spec.categories, tickPlacement: 'on', tickAmount: Math.min(spec.categories.length, Math.floor(host.clientWidth / 70)), axisBorder: { color: line }, axisTicks: { show: false },
      labels: { rotate: 0, hideOverlappingLabels: true, style: { fontSize: '12px' } }, tooltip: { enabled: false },
    },
    yaxis: { min: 0, forceNiceScale: true, labels: { formatter: value => value == null ? '' : spec.prefix + axis.format(value), style: { fontSize: '12px' } } },
    tooltip: { shared: true, intersect: false, y: { formatter: (_, at) => spec.series[at.seriesIndex]?.texts[at.dataPointIndex] ?? '' } },
  };
}

export async function draw(host, spec) {
  const Engine = await load();
  let current = spec;
  const chart = new Engine(host, options(host, current));
  await chart.render();
  const redraw = () => chart.updateOptions(options(host, current), false, false);
  window.addEventListener('themechange', redraw);
  return {
    update: next => { current = next; return redraw(); },
    destroy: () => { window.removeEventListener('themechange', redraw); chart.destroy(); },
  };
}
