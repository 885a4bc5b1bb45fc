/**
 * How the programs about normkit show their results: tables as text or Markdown, and charts as SVG.
 *
 * <p>What is shown is a function of the values alone, the same text on every machine.
 */
package io.github.normkit.report;
