"""What pages show: reads only, answering with frozen dataclasses."""
