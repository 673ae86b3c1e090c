/** LangGraph.js: a state graph, without a checkpointer. */
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { predecessorsOf, type BuildGraph } from './shapes.ts';

const State = Annotation.Root({ value: Annotation<string>({ reducer: (_, next) => next, default: () => '' }) });

export const build: BuildGraph = async (shape, count) => {
  let reached = 0;
  // Its builder's type grows with each node: the loop needs the plain one.
  const graph = new StateGraph(State) as unknown as {
    addNode(name: string, run: () => object): void;
    addEdge(from: string, to: string): void;
    compile(): { invoke(state: object, options: object): Promise<unknown> };
  };
  const predecessors = predecessorsOf(shape, count);
  predecessors.forEach((_, index) => {
    graph.addNode(`n${index}`, () => {
      reached += 1;
      return {};
    });
  });
  predecessors.forEach((from, index) => {
    if (from.length === 0) graph.addEdge(START, `n${index}`);
    for (const before of from) graph.addEdge(`n${before}`, `n${index}`);
  });
  graph.addEdge(`n${count - 1}`, END);
  const compiled = graph.compile();
  return {
    async run() {
      reached = 0;
      await compiled.invoke({ value: 'x' }, { recursionLimit: count + 10 });
      if (reached !== count) throw new Error(`LangGraph reached ${reached} of ${count} nodes`);
    },
  };
};
