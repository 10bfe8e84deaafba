"""The ways a sealed report can travel to a unit; none of them can read one."""
