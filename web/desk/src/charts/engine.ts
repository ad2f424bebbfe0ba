import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// The few kinds that the desk draws, in one chunk that is loaded with the first chart. Drawn on a canvas: the
// other renderer writes style attributes, which the Content-Security-Policy stops.
use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, DatasetComponent, AriaComponent, MarkLineComponent, MarkAreaComponent, CanvasRenderer]);

export { init };
