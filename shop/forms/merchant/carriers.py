"""The carriers that the shipping form offers; any other can be typed."""

CARRIERS = ("顺丰", "中通", "圆通", "申通", "韵达", "极兔", "京东", "邮政 EMS", "同城送")
