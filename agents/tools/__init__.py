"""What the assistant can do besides quoting: compute, and look a drug up in the library."""

from agents.tools.dialogue import Said, calculate_by_voice
from agents.tools.registry import call, tools_for
from agents.tools.tool import Tool, ToolResult

__all__ = ["Said", "Tool", "ToolResult", "calculate_by_voice", "call", "tools_for"]
