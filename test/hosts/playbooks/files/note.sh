#!/bin/sh
echo "port $1" >/etc/orders/noted
