import { describe, expect, it } from 'vitest';
import { type LineChart, lineChart } from '../../bench/chart.ts';

const chart: LineChart = {
  title: 'Latency <p95> & load',
  x: { label: 'Calls', min: 0 },
  y: { label: 'ms', min: 0 },
  series: [
    {
      name: 'final',
      points: [
        [0, 0],
        [5, 500],
        [10, 1000],
      ],
    },
  ],
  marks: [{ y: 700, label: 'bar' }],
};

describe('a line chart', () => {
  it('puts points where the axes say', () => {
    const svg = lineChart(chart);
    // The plot spans 70 to 740 and 348 to 64; both axes begin and end at data that are round numbers.
    expect(svg).toContain('<polyline points="70,348 405,206 740,64"');
    for (const label of ['0', '200', '400', '1000', 'bar', 'Calls', 'ms'])
      expect(svg).toContain(`>${label}</text>`);
  });

  it('escapes text', () => {
    expect(lineChart(chart)).toContain('Latency &lt;p95&gt; &amp; load');
  });

  it('leaves a gap where there is no value, and bears no data at all', () => {
    const gap = {
      ...chart,
      series: [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, 2],
            [2, Number.NaN],
            [3, 4],
            [4, 5],
          ],
        },
      ],
    } as const;
    expect(lineChart(gap).match(/<polyline/g)).toHaveLength(2);
    expect(lineChart({ ...chart, series: [], marks: [] })).not.toContain('NaN');
  });
});
